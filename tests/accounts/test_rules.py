"""Pure rules of accounts: who can be written to."""

from __future__ import annotations

import pytest

from clinic.accounts.rules import can_be_written_to


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("cal@example.org", True),
        ("a" * 254, True),
        ("a" * 255, False),
        ("", False),
        ("a\x00b@example.org", False),
        ("a\nb@example.org", False),
        ("a\x7fb@example.org", False),
        ("zoë@example.org", True),
    ],
)
def test_who_can_be_written_to(address, can):
    assert can_be_written_to(address) is can
