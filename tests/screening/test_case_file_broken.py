"""A case file that somebody broke is evaluated or refused, and never ends in a traceback."""

import copy

import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from clinic.screening.commands import screening
from tests import soak

VALID = """
- id: one
  today: 2026-06-15
  patient: {born_on: 1990-03-02}
  concerns: [{area: glabella, in_motion: true, fws: 2}, {area: axillae, hdss: 3}]
  history:
    blood-thinners: yes
    human-albumin: {answer: yes, kind: objection}
    infection-at-site: {answer: yes, areas: [chin]}
    recent-toxin: {answer: yes, sessions: [{date: 2026-05-04, units: 9}]}
  distress: {time_a_day: 1-3-h, upset: a-lot}
  findings: {brow_right: above, fatigable: no, mrd1_right: 4.5, snap_back_left: 1}
  plan: [{product: onabotulinumtoxinA, area: glabella, units: 20, sites: 5}]
"""
ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 10**30, 1.5, float("nan"), float("inf"), "", "yes", "not-sure",
        "chin", "2026-02-30", "2026-06-15", "\ud800", [], [None], {}, {"answer": "yes"}, {None: 1},
    ]
)  # fmt: skip


def places(value, path=()):
    """The path of every value inside *value*."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inside:
        yield (*path, key)
        yield from places(each, (*path, key))


def changed(path, key, odd, how):
    cases = copy.deepcopy(ORIGINAL)
    parent = cases
    for step in path[:-1]:
        parent = parent[step]
    if how == "value":
        parent[path[-1]] = odd
    elif how == "gone":
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent[key] = parent.pop(path[-1])
    else:
        parent.append(odd)
    return cases


ORIGINAL = yaml.safe_load(VALID)


@soak.tries(few=60, many=3000)
@given(
    path=st.sampled_from(list(places(ORIGINAL))),
    key=st.one_of(st.integers(0, 3), st.text(max_size=6), st.sampled_from(["area", "units", "id"])),
    odd=ODD,
    how=st.sampled_from(["value", "gone", "key"]),
)
def test_a_valid_file_that_somebody_broke_is_evaluated_or_refused(
    tmp_path_factory, path, key, odd, how
):
    file = tmp_path_factory.getbasetemp() / "broken.yaml"
    file.write_text(yaml.safe_dump(changed(path, key, odd, how)))

    answer = CliRunner().invoke(screening, ["evaluate", str(file)])

    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert answer.exit_code == 0 or (answer.exit_code, answer.stdout) == (2, "")


@soak.tries(few=60, many=3000)
@given(at=st.integers(0, len(VALID) - 1), typed=st.sampled_from("\t:-[]{}!&*#|>%@`'\"\n0aé\x07"))
def test_a_slip_of_the_finger_is_evaluated_or_refused(tmp_path_factory, at, typed):
    file = tmp_path_factory.getbasetemp() / "slip.yaml"
    file.write_bytes((VALID[:at] + typed + VALID[at + 1 :]).encode("latin-1"))

    answer = CliRunner().invoke(screening, ["evaluate", str(file)])

    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert answer.exit_code in (0, 2)
