"""docs/screening-cases.md names exactly the codes, limits and doses that the rules have."""

import json
import re

import pytest
from click.testing import CliRunner

from clinic.config import ROOT
from clinic.screening import case_kinds as kinds
from clinic.screening.commands import screening
from clinic.screening.rules import (
    DETAILS,
    FILLERS,
    HISTORY_TOPICS,
    Area,
    DroopRule,
    Level,
    Pattern,
    ProductFamily,
    Rating,
    ScopeModality,
    Topic,
    ToxinProduct,
)
from clinic.screening.rules.findings import MEASURED_RANGES
from clinic.screening.rules.products import LABELLED_DOSES

PAGE = (ROOT / "docs" / "screening-cases.md").read_text()


def table(heading):
    """The rows of the first table whose head begins with *heading*, without backticks."""
    _before, _heading, rest = PAGE.partition(f"| {heading} |")
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    assert lines, f"no table {heading}"
    return [
        [cell.strip() for cell in line.strip("|").replace("`", "").split("|")] for line in lines
    ]


def allowed(known):
    return {key: kind.allowed for key, kind in known.items()}


def test_the_areas_are_those_of_the_rules_in_their_order():
    listed = PAGE.partition("**Areas**: ")[2].partition("\n\n")[0]

    assert re.findall(r"`([a-z-]+)`", listed) == [*Area]


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("key of a face or neck area", kinds.SEEN),
        ("key of `axillae` and `palms`", kinds.SWEATING),
        ("key | asks", kinds.DISTRESS),
    ],
)
def test_a_table_of_keys_says_what_each_takes(heading, known):
    assert {row[0]: row[-1] for row in table(heading)} == allowed(known)


def test_the_table_of_findings_says_what_each_takes():
    listed = {key: row[2] for row in table("key | means | allowed") for key in row[0].split(", ")}
    ranges = {
        f"{name}_{eye}": f"{lowest} to {highest} {unit}"
        for name, (lowest, highest, unit) in MEASURED_RANGES.items()
        for eye in ("right", "left")
    }

    assert listed == allowed(kinds.FINDINGS) | ranges


def test_the_questions_are_those_of_the_rules_in_their_order_with_their_details():
    listed = [(key, details) for key, _asks, details in table("key | asks about")]

    assert listed == [(topic, ", ".join(DETAILS.get(topic, {}))) for topic in HISTORY_TOPICS]


def test_the_details_are_those_of_the_rules_and_read_as_they_are_when_left_out():
    listed = {key: (values, default) for key, values, default in table("detail")}
    known = {f"{topic}.{name}": v for topic, names in DETAILS.items() for name, v in names.items()}
    in_words = {False: "false", True: "true"}
    codes = {
        key: [in_words.get(value, value) for value in values]
        for key, values in known.items()
        if not key.endswith((".areas", ".sessions"))
    }

    assert listed.keys() == known.keys()
    assert {key: listed[key][0] for key in codes} == {k: ", ".join(v) for k, v in codes.items()}
    assert [key for key, values in codes.items() if not listed[key][1].startswith(values[0])] == []


def test_the_keys_of_a_session_and_of_a_case_are_named():
    session = {row[0]: row[1] for row in table("detail")}["recent-toxin.sessions"]

    assert session == f"a list, each with {', '.join(kinds.SESSION)}"
    assert [key for key in kinds.CASE if f"`{key}`" not in PAGE] == []


def test_the_products_have_their_labelled_doses_and_volumes():
    listed = dict(table("product"))

    assert [*listed] == [*ToxinProduct, *FILLERS]
    assert {product: listed[product] for product in ToxinProduct} == {
        product: ", ".join(f"{area} {units}" for area, units in doses.items()) + " units"
        for product, doses in LABELLED_DOSES.items()
    }
    assert {name for name in FILLERS if listed[name].startswith("under the eye")} == {
        name for name, filler in FILLERS.items() if filler.is_labelled_under_the_eye
    }
    assert {name: re.findall(r"(\d\.\d) ml", listed[name]) for name in FILLERS} == {
        name: [str(limit.ml) for limit in filler.limits] for name, filler in FILLERS.items()
    }


def test_the_topics_beside_the_questions_are_those_of_the_rules_in_their_order():
    assert [*HISTORY_TOPICS, *(row[0] for row in table("topic"))] == [*Topic]


def test_the_droop_rules_are_those_of_the_rules_in_their_order():
    assert [row[0] for row in table("rule")] == [*DroopRule]


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        ("`level` is ", Level),
        ("`rating` is ", Rating),
        ("which `modality` (", ScopeModality),
        ("what the areas point to: ", Pattern),
        ("can stand there:\n", ProductFamily),
    ],
)
def test_a_list_of_codes_in_a_sentence_is_whole_and_in_order(before, codes):
    after = " ".join(PAGE.partition(before)[2].split())

    assert after.startswith(", ".join(codes))
    assert after[len(", ".join(codes))] in ",:;.)| "


def test_the_example_is_evaluated_as_it_stands_there(tmp_path):
    file = tmp_path / "our-cases.yaml"
    file.write_text(PAGE.partition("```yaml\n")[2].partition("```")[0])

    answer = CliRunner().invoke(screening, ["evaluate", str(file)])

    case = json.loads(answer.stdout)
    assert [flag["topic"] for flag in case["flags"]] == [
        "infection-at-site", "blood-thinners", "recent-toxin",
    ]  # fmt: skip
    assert [*case] == [row[0] for row in table("key | says")]
    said = dict(table("key | says"))["flags"]
    assert [key for key in case["flags"][0] if key not in said.replace(",", "").split()] == []


def test_the_page_is_among_those_that_the_readme_leads_to():
    assert "(docs/screening-cases.md)" in (ROOT / "README.md").read_text()
