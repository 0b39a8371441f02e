"""The checker of our habits catches what it is there for, and hears arguments, but no idle ones."""

from __future__ import annotations

import pytest

from tests import habits
from tests.habits import RULES, Rule, broken

NAMES = [f"{rule.name}{rule.kind}" for rule in RULES]


def argued(rule: Rule) -> str:
    """The bad example with an argument above the line that is found."""
    number = next(rule.found(rule.bad))
    lines = rule.bad.splitlines()
    lines.insert(number - 1, f"{'#' if rule.kind == '.py' else ''} habit: {rule.name}, because x")
    return "\n".join(lines)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_each_rule_catches_its_own_bad_example(rule):
    found = broken(rule.bad, f"clinic/somewhere{rule.kind}")

    assert [line.split(": ")[1] for line in found] == [rule.name]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_argument_in_place_is_heard(rule):
    assert broken(argued(rule), f"clinic/somewhere{rule.kind}") == []


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_argument_for_another_habit_or_without_a_reason_is_not_heard(rule):
    other = argued(rule).replace(f"habit: {rule.name}", "habit: another")
    empty = argued(rule).replace("because x", "because")

    assert len(broken(other, f"clinic/somewhere{rule.kind}")) == 2
    assert len(broken(empty, f"clinic/somewhere{rule.kind}")) == 1


def test_an_argument_that_nothing_needs_is_a_finding():
    found = broken("one = 1  # habit: raw-sql, because it was", "clinic/one.py")

    assert found == ["clinic/one.py:1: argues for raw-sql, which nothing there needs"]


def test_a_file_that_may_is_not_told():
    assert broken("session.commit()", "clinic/database.py") == []


@pytest.mark.parametrize(
    "good",
    [
        "try:\n    pass\nexcept Exception:  # the next one must go on\n    pass",
        "try:\n    pass\nexcept BaseException:\n    undo()\n    raise",
        "try:\n    pass\nexcept ValueError:\n    pass",
        "reader.text(1)",
        "subprocess.run(['ls'], shell=False)",
    ],
)
def test_what_only_looks_alike_is_not_told(good):
    assert broken(good, "clinic/one.py") == []


def test_our_own_code_breaks_none():
    assert habits.everything() == []
