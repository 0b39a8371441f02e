"""The refusal of a fact that its field does not take."""

from __future__ import annotations


class NotAllowed(ValueError):
    """A fact has a value that its field does not take; says which field and what it takes.

    The value itself is left out: it is health information, and errors end up in logs.
    """

    def __init__(self, field: str, allowed: str) -> None:
        super().__init__(f"{field}: allowed is {allowed}")
        self.field = field
        self.allowed = allowed
