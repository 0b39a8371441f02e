"""When two records may be put together, as a table."""

from dataclasses import replace
from datetime import date

import pytest

from clinic.merging.rules import TURNED_ROUND, Against, RecordFacts, reasons_not_to_merge

KEPT = RecordFacts(number=1, born_on=date(1990, 3, 2))
REPLACED = replace(KEPT, number=2)


@pytest.mark.parametrize(
    ("replaced", "kept", "own_note", "expected"),
    [
        ({}, {}, False, []),
        ({"born_on": date(1990, 3, 3)}, {}, False, []),
        ({"number": 1}, {}, False, [Against.SAME]),
        ({"is_replaced": True}, {}, False, [Against.IS_REPLACED]),
        ({}, {"is_replaced": True}, False, [Against.IS_REPLACED]),
        ({"stands_for_others": True}, {}, False, [Against.STANDS_FOR_OTHERS]),
        ({}, {"stands_for_others": True}, False, []),
        ({"signs_in": True}, {}, False, [Against.HAS_THE_SIGN_IN]),
        ({}, {"signs_in": True}, False, []),
        ({"signs_in": True}, {"signs_in": True}, False, []),
        (
            {"signs_in": True, "is_staff": True},
            {"signs_in": True},
            False,
            [Against.SIGN_IN_OF_STAFF],
        ),
        ({"has_consultation": True}, {}, False, [Against.HAS_CONSULTATION]),
        ({}, {"has_consultation": True}, False, []),
        ({"waits": True}, {}, False, [Against.WAITS]),
        ({}, {"waits": True}, False, []),
        ({}, {}, True, [Against.OWN_NOTE]),
        (
            {"waits": True, "signs_in": True},
            {"is_replaced": True},
            True,
            [Against.IS_REPLACED, Against.HAS_THE_SIGN_IN, Against.WAITS, Against.OWN_NOTE],
        ),
    ],
)
def test_what_stands_against_putting_two_records_together(replaced, kept, own_note, expected):
    found = reasons_not_to_merge(
        replace(REPLACED, **replaced), replace(KEPT, **kept), own_note=own_note
    )

    assert found == expected


@pytest.mark.parametrize("reason", sorted(TURNED_ROUND))
def test_keeping_the_other_record_settles_what_it_says_to_settle(reason):
    flag = {
        Against.STANDS_FOR_OTHERS: {"stands_for_others": True},
        Against.HAS_THE_SIGN_IN: {"signs_in": True},
        Against.SIGN_IN_OF_STAFF: {"signs_in": True, "is_staff": True},
        Against.HAS_CONSULTATION: {"has_consultation": True},
        Against.WAITS: {"waits": True},
    }[reason]
    one = replace(REPLACED, **flag)

    assert reason in reasons_not_to_merge(one, KEPT)
    assert reasons_not_to_merge(KEPT, one) == []
