"""Case files as a whole: names, keys that stand twice, what is no YAML, and what is printed."""

import json

import pytest
from click.testing import CliRunner

from clinic.screening.commands import screening
from tests.screening.own_cases import HEAD, MINIMAL, path_of

A_DATE = "allowed is a date like 2026-06-15"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MINIMAL.replace("  today: 2026-06-15\n", ""), f"today: is missing; {A_DATE}"),
        (MINIMAL.replace("  concerns: []\n", ""), "concerns: is missing; allowed is a list"),
        (MINIMAL.replace("{born_on: 1990-03-02}", "{}"), f"patient.born_on: is missing; {A_DATE}"),
        (MINIMAL.replace("{born_on: 1990-03-02}", "1990-03-02"),
         "patient: allowed is keys with values"),
        (MINIMAL.replace("{born_on:", "{name: Cal, born_on:"),
         "patient.name: unknown key; known are born_on"),
        (MINIMAL.replace("1990-03-02", "1990-02-29"), f"patient.born_on: {A_DATE}"),
        (MINIMAL.replace("1990-03-02", "2.3.1990"), f"patient.born_on: {A_DATE}"),
        (MINIMAL.replace("1990-03-02", "1990"), f"patient.born_on: {A_DATE}"),
        (MINIMAL.replace("1990-03-02", "2026-06-16"),
         "patient.born_on: allowed is a date not after today"),
        (MINIMAL.replace("2026-06-15", "2026-06-31"), f"today: {A_DATE}"),
        (MINIMAL.replace("2026-06-15", "2026-06-15 09:00:00"), f"today: {A_DATE}"),
        (MINIMAL.replace("2026-06-15", "2026-06-15T09:00:00Z"), f"today: {A_DATE}"),
        (MINIMAL.replace("2026-06-15", "'2026-06-15 09:00'"), f"today: {A_DATE}"),
        (MINIMAL.replace("2026-06-15", "'20260615'"), f"today: {A_DATE}"),
        (MINIMAL.replace("2026-06-15", "2026-W25-1"), f"today: {A_DATE}"),
        (MINIMAL.replace("concerns: []", "concerns: lips"), "concerns: allowed is a list"),
        (MINIMAL.replace("concerns: []", "concerns: {area: lips}"), "concerns: allowed is a list"),
    ],
)  # fmt: skip
def test_what_a_case_cannot_do_without_is_told(refusal, text, problem):
    assert refusal(text)[0].startswith(f"case one: {problem}")


@pytest.mark.parametrize(
    "missing", ["", "- id: [one]\n", "- id: yes\n", "- id: ' '\n", "- id: 1.5\n"]
)
def test_a_case_without_a_name_is_told_by_its_number(refusal, missing):
    second = MINIMAL.replace("- id: one\n  ", missing + ("  " if missing else "- "))

    (problem,) = refusal(MINIMAL + second)

    assert problem.startswith("case number 2: id: ")
    assert problem.endswith("allowed is a word or a whole number")


def test_the_place_of_a_patient_who_is_missing_is_told(refusal):
    text = MINIMAL.replace("  patient: {born_on: 1990-03-02}\n", "")

    assert refusal(text)[0].startswith("case one: patient: is missing; ")


@pytest.mark.parametrize(("one", "other"), [("one", "one"), ("7", "7"), ("7", "'7'")])
def test_an_id_that_stands_twice_is_refused(refusal, one, other):
    text = MINIMAL.replace("one", one) + MINIMAL.replace("one", other)

    assert refusal(text) == [f"case {one}: id: allowed is an id that no other case has"]


def test_everything_that_is_wrong_in_every_case_is_told_at_once(refusal):
    text = (
        f"{MINIMAL}  history: {{pregnancy: maybe}}\n  findings: {{mrd1: 4, mrd1_left: 9}}\n"
        + MINIMAL.replace("one", "two")
        + MINIMAL.replace("one", "three").replace("[]", "[{area: nose}]")
    )

    assert [line.partition(" allowed")[0].partition(" unknown")[0] for line in refusal(text)] == [
        "case one: history.pregnancy:",
        "case one: findings.mrd1:",
        "case one: findings.mrd1_left:",
        "case three: concerns[0].area:",
    ]


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("  today: 2026-06-16\n", "today"),
        ("  history: {pregnancy: no, pregnancy: yes}\n", "pregnancy"),
        ("  findings: {mrd1_left: 1, mrd1_left: 4}\n", "mrd1_left"),
        ("  plan: [{product: Restylane, area: lips, area: chin}]\n", "area"),
        ("  history:\n    infection-at-site: {answer: no, answer: yes}\n", "answer"),
    ],
)
def test_a_key_that_stands_twice_is_refused(refusal, lines, key):
    assert refusal(MINIMAL + lines)[0].endswith(f"the key {key} stands twice")


def test_what_is_named_once_can_be_merged_in_and_replaced_there(evaluate):
    named = f"{MINIMAL}  history: &mine {{blood-thinners: yes, pregnancy: yes}}\n"
    merged = MINIMAL.replace("one", "two") + "  history: {<<: *mine, pregnancy: no, dry-eye: yes}\n"

    one, two = map(json.loads, evaluate(named + merged).stdout.splitlines())

    assert [flag["topic"] for flag in one["flags"]] == ["pregnancy", "blood-thinners"]
    assert [flag["topic"] for flag in two["flags"]] == ["blood-thinners", "dry-eye"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing but a remark\n",
        "---\n",
        "just words",
        "12",
        "id: one\ntoday: 2026-06-15\npatient: {born_on: 1990-03-02}\nconcerns: []\n",
        "one: {today: 2026-06-15}\n",
    ],
    ids=["empty", "a remark", "a mark", "words", "a number", "a single case", "cases by name"],
)
def test_a_file_that_is_no_list_is_refused(refusal, text):
    assert refusal(text) == ["Write a list of cases, each with id, today, patient and concerns."]


@pytest.mark.parametrize("entry", ["one", "12", "[]", "", "yes"])
def test_a_case_that_is_no_mapping_is_refused(refusal, entry):
    problem = refusal(f"{MINIMAL}- {entry}\n")[0]

    assert problem.startswith("case number 2: the case: allowed is keys with values: id, today, ")


@pytest.mark.parametrize(
    "text",
    [
        b"- id: caf\xe9\n",
        b"\x00",
        b"- id: one\n\ttoday: 1\n",
        "- [",
        f"{MINIMAL}---\n{MINIMAL}",
        "- *unknown\n",
        f"{MINIMAL}  history: {{<<: yes}}\n",
        "- !!python/object/apply:os.getcwd []\n",
        "- !!float ''\n",
        "- !!int ''\n",
        "- !!bool maybe\n",
        "- !!timestamp soon\n",
        "- ? [a]\n  : b\n",
        "- " + "[" * 1000,
    ],
    ids=[
        "latin-1",
        "null",
        "tab",
        "no end",
        "two documents",
        "unknown name",
        "nothing to merge",
        "code",
        "float",
        "int",
        "bool",
        "date",
        "list as key",
        "too deep",
    ],
)
def test_what_is_no_yaml_of_ours_is_refused_without_a_traceback(refusal, text):
    assert refusal(text)[0].startswith("This is not YAML that can be read: ")


def test_a_file_that_is_not_there_is_refused_with_2_too():
    answer = CliRunner().invoke(screening, ["evaluate", "nowhere.yaml"])

    assert (answer.exit_code, answer.stdout) == (2, "")


@pytest.mark.parametrize("yes", ["yes", "'yes'", '"yes"', "true", "Yes", "{answer: yes}"])
@pytest.mark.parametrize("no", ["no", "'no'", "false", "{answer: no}"])
def test_yes_and_no_mean_the_same_with_and_without_quotes(evaluate, yes, no):
    text = f"{MINIMAL}  history: {{dry-eye: {yes}, heart-disease: {no}}}\n"
    text += f"  findings: {{neuromuscular_disease: {yes if yes[0] != '{' else 'yes'}}}\n"

    (case,) = [json.loads(line) for line in evaluate(text).stdout.splitlines()]

    assert [flag["topic"] for flag in case["flags"]] == ["neuromuscular-disease", "dry-eye"]


@pytest.mark.parametrize("section", ["history", "distress", "findings", "plan", "concerns"])
def test_an_empty_section_is_read_as_one_that_says_nothing(evaluate, section):
    text = (HEAD if section == "concerns" else MINIMAL) + f"  {section}:\n"

    assert evaluate(text).stdout == evaluate(MINIMAL).stdout != ""


def test_a_list_without_cases_says_nothing(evaluate):
    answer = evaluate("[]")

    assert (answer.exit_code, answer.output) == (0, "")


def test_each_case_is_one_line_of_json_in_the_files_order_and_keeps_its_id(evaluate):
    names = ["zebra", "'two words'", "7", "ähre"]

    answer = evaluate("".join(MINIMAL.replace("one", name) for name in names))

    assert (answer.exit_code, answer.stderr) == (0, "")
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["zebra", "two words", 7, "ähre"]


def test_a_case_is_printed_in_the_shape_of_the_format(evaluate):
    text = HEAD + (
        "  concerns: [{area: axillae}, {area: glabella, in_motion: true}]\n"
        "  history: {blood-thinners: yes, infection-at-site: {answer: not-sure, areas: [chin]}}\n"
        "  findings: {fatigable: yes, mrd1_right: 4}\n"
    )

    case = json.loads(evaluate(text).stdout)

    assert list(case) == ["id", "pattern", "after_flags", "incomplete", "flags", "droop"]
    assert case["droop"] == {"rating": "high", "fired": ["J3"]}
    assert case["incomplete"][:2] == ["concerns.axillae.hdss", "findings.brow_right"]
    assert "findings.mrd1_right" not in case["incomplete"]
    assert case["flags"][0] == {
        "topic": "infection-at-site",
        "level": "caution",
        "scope": {"modality": "both", "areas": ["chin"], "product": None},
        "raised_by": "history.infection-at-site = not-sure",
        "reason": "Contraindication for toxin; filler must be deferred; "
        "unconfirmed, clarify at consultation",
        "source": "BC, DY, JV",
        "rule_version": "2026.4",
    }
    assert case["flags"][1]["scope"] == {"modality": "both", "areas": None, "product": None}


def test_the_command_is_one_of_the_apps(app):
    answer = app.test_cli_runner().invoke(args=["screening", "evaluate", str(path_of("lower_lid"))])

    assert (answer.exit_code, len(answer.stdout.splitlines())) == (0, 14)
