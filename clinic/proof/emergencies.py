"""Bypasses about emergency access: longer, of oneself, without a licence, made to look other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import DAY, SEALED, Facts, at
from clinic.screening.models import EmergencyAccess

OPENED = at(DAY, 12)


def open_record(facts: Facts, **over: Any) -> int:
    """The physician opens Dee's record for an hour; *over* is what an attempt makes false."""
    values = {
        "data_key_id": facts["dee-key"],
        "practitioner_id": facts["physician"],
        "patient_id": facts["dee"],
        "opened_at": OPENED,
        "until": OPENED + timedelta(minutes=60),
        "reason_sealed": SEALED,
    }
    return facts.add("emergency", EmergencyAccess, **{**values, **over})


@attempt(4, "an emergency access for longer than an hour")
def _longer(facts: Facts) -> None:
    open_record(facts, until=OPENED + timedelta(minutes=60, microseconds=1))


@attempt(4, "an emergency access by a physician whose licence ended long ago")
def _unlicensed(facts: Facts) -> None:
    opened_at = at(date(2026, 12, 24), 12)
    later = {"opened_at": opened_at, "until": opened_at + timedelta(minutes=60)}
    open_record(facts, practitioner_id=facts["colleague"], **later)


@attempt(4, "an emergency access to one's own record")
def _own(facts: Facts) -> None:
    me = "physician-as-patient"
    open_record(facts, patient_id=facts[me], data_key_id=facts[f"{me}-key"])


@attempt(4, "an emergency access stretched")
def _stretched(facts: Facts) -> None:
    access = open_record(facts, until=OPENED + timedelta(minutes=30))
    facts.change(EmergencyAccess, access, until=OPENED + timedelta(minutes=60))


@attempt(4, "an emergency access said to be about somebody else")
def _somebody_else(facts: Facts) -> None:
    facts.change(EmergencyAccess, open_record(facts), patient_id=facts["eve"])


@attempt(4, "the reason of an emergency access written anew")
def _other_reason(facts: Facts) -> None:
    facts.change(EmergencyAccess, open_record(facts), reason_sealed=b"other")


@attempt(4, "an emergency access deleted")
def _delete(facts: Facts) -> None:
    open_record(facts)
    sql(facts, "DELETE FROM emergency_access")


@attempt(4, "an emergency access replaced", engines=("sqlite",))
def _replace(facts: Facts) -> None:
    open_record(facts)
    sql(
        facts,
        "INSERT OR REPLACE INTO emergency_access (id, public_id, data_key_id, practitioner_id,"
        " patient_id, opened_at, until, reason_sealed)"
        " SELECT id, public_id, data_key_id, practitioner_id, patient_id, opened_at, until, :other"
        " FROM emergency_access",
        other=b"other",
    )


@attempt(4, "the emergency accesses truncated", engines=("postgresql",))
def _truncate(facts: Facts) -> None:
    sql(facts, "TRUNCATE emergency_access")
