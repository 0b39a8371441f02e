"""Bypasses about the audit log and the chain of seals over it."""

from __future__ import annotations

from sqlalchemy import insert

from clinic.audit.models import AuditChain, AuditEvent, AuditSeal
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import SEALED, UNUSED, Facts
from clinic.proof.replacements import POSTGRESQL, SQLITE, columns, replace, swap_numbers

# Truth 4: what is recorded never changes, and neither does what makes a change show.


@attempt(4, "an audit row changed")
def _change_audit(facts: Facts) -> None:
    sql(facts, "UPDATE audit_event SET actor = 'nobody'")


@attempt(4, "audit rows deleted before they are sealed")
def _delete_audit(facts: Facts) -> None:
    sql(facts, "DELETE FROM audit_event WHERE id = :id", id=facts["audit"])


@attempt(4, "a sealed audit row deleted")
def _delete_sealed_audit(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM audit_event WHERE id = :id", id=facts["sealed-audit"])


@attempt(4, "two audit rows swapped")
def _swap_audit(facts: Facts) -> None:
    swap_numbers(facts, "audit_event", "sealed-audit", "audit")


@attempt(4, "an audit row replaced", SQLITE)
def _replace_audit(facts: Facts) -> None:
    replace(facts, AuditEvent, **facts.row(AuditEvent, "audit", actor="nobody"))


@attempt(4, "an audit row stored a second time with another actor")
def _upsert_audit(facts: Facts) -> None:
    names = columns(AuditEvent)
    sql(
        facts,
        f"INSERT INTO audit_event ({names}) SELECT {names} FROM audit_event WHERE id = :id"
        " ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
        id=facts["audit"],
    )


@attempt(4, "the audit log truncated", POSTGRESQL)
def _truncate_audit(facts: Facts) -> None:
    sql(facts, "TRUNCATE audit_event CASCADE")


@attempt(4, "a seal changed")
def _change_seal(facts: Facts) -> None:
    facts.change(AuditSeal, facts["seal"], seal=b"other")


@attempt(4, "a seal given to another audit row")
def _move_seal(facts: Facts) -> None:
    facts.change(AuditSeal, facts["seal"], event_id=facts["audit"])


@attempt(4, "a seal deleted")
def _delete_seal(facts: Facts) -> None:
    sql(facts, "DELETE FROM audit_seal")


@attempt(4, "a seal replaced", SQLITE)
def _replace_seal(facts: Facts) -> None:
    replace(facts, AuditSeal, **facts.row(AuditSeal, "seal", seal=b"other"))


@attempt(4, "the seal of an audit row replaced by one at the end of the chain", SQLITE)
def _replace_seal_of_row(facts: Facts) -> None:
    replace(facts, AuditSeal, **facts.row(AuditSeal, "seal", id=facts["seal"] + 1))


@attempt(4, "a seal added with a number that leaves a gap")
def _seal_after_a_gap(facts: Facts) -> None:
    slipped = facts.row(AuditSeal, "seal", id=UNUSED, event_id=facts["audit"], seal=SEALED)
    facts.connection.execute(insert(AuditSeal).values(**slipped))


@attempt(4, "the key of the chain exchanged")
def _change_chain(facts: Facts) -> None:
    facts.change(AuditChain, facts["chain"], data_key_id=facts["cal-key"])


@attempt(4, "the chain deleted, so that another begins")
def _delete_chain(facts: Facts) -> None:
    sql(facts, "DELETE FROM audit_chain")


@attempt(4, "the chain replaced by one with another key", SQLITE)
def _replace_chain(facts: Facts) -> None:
    replace(facts, AuditChain, id=facts["chain"], data_key_id=facts["cal-key"])


@attempt(4, "a second chain begun")
def _second_chain(facts: Facts) -> None:
    facts.add("second-chain", AuditChain, id=2, data_key_id=facts["cal-key"])


def _truncation(table: str) -> None:
    @attempt(4, f"all rows of {table} truncated", POSTGRESQL)
    def _truncate(facts: Facts) -> None:
        sql(facts, f"TRUNCATE {table}")


for _table in ("audit_chain", "audit_seal"):
    _truncation(_table)
