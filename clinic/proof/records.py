"""Bypasses about what is signed, sent or recorded."""

from __future__ import annotations

from clinic.proof.approvals import second_note, sign_note
from clinic.proof.attempts import attempt, sql
from clinic.proof.facts import SEALED, Facts
from clinic.screening.models import Flag, Question, Reply, ScreeningNote

# Truth 4: what is signed, sent or recorded never changes.


@attempt(4, "a signed note changed")
def _change_note(facts: Facts) -> None:
    facts.change(ScreeningNote, facts["note"], text_sealed=b"other")


@attempt(4, "a signed note's signature taken off")
def _unsign(facts: Facts) -> None:
    facts.change(ScreeningNote, facts["note"], signed_at=None)


@attempt(4, "a signed note deleted")
def _delete_note(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM screening_note WHERE id = :id", id=facts["note"])


@attempt(4, "a signed note replaced", engines=("sqlite",))
def _replace_note(facts: Facts) -> None:
    sql(
        facts,
        "INSERT OR REPLACE INTO screening_note (id, public_id, data_key_id, appointment_id,"
        " patient_id, practitioner_id, version, changed_at)"
        " SELECT id, public_id, data_key_id, appointment_id, patient_id, practitioner_id, 1, 0"
        " FROM screening_note WHERE id = :id",
        id=facts["note"],
    )


@attempt(4, "a sent form changed")
def _change_form(facts: Facts) -> None:
    sql(facts, "UPDATE intake SET document_sealed = :other", other=b"other")


@attempt(4, "a sent form deleted")
def _delete_form(facts: Facts) -> None:
    with facts.keys_put_off():
        sql(facts, "DELETE FROM intake WHERE id = :id", id=facts["form"])


@attempt(4, "a flag added to a form that is already sent")
def _late_flag(facts: Facts) -> None:
    values = {"data_key_id": facts["cal-key"], "level": "information", "rule_version": "x"}
    facts.add("attempted", Flag, intake_id=facts["form"], body_sealed=SEALED, **values)


@attempt(4, "a flag made milder")
def _milder_flag(facts: Facts) -> None:
    facts.change(Flag, facts["form-flag"], level="information")


@attempt(4, "a flag deleted")
def _delete_flag(facts: Facts) -> None:
    sql(facts, "DELETE FROM flag")


@attempt(4, "the rule version of a stored flag changed")
def _other_rules(facts: Facts) -> None:
    facts.change(Flag, facts["form-flag"], rule_version="2030.1")


@attempt(4, "the text of a stored flag changed")
def _other_text(facts: Facts) -> None:
    facts.change(Flag, facts["form-flag"], body_sealed=b"other")


@attempt(4, "an absolute flag overruled after the note was signed")
def _overrule_later(facts: Facts) -> None:
    note = second_note(facts)
    values = {"data_key_id": facts["cal-key"], "level": "absolute", "rule_version": "2026.1"}
    flag = facts.add("stop", Flag, note_id=note, body_sealed=SEALED, **values)
    sign_note(facts, note)
    facts.change(Flag, flag, overruled_because_sealed=SEALED)


@attempt(4, "the reason for an overruling taken away")
def _no_reason(facts: Facts) -> None:
    note = second_note(facts)
    values = {"data_key_id": facts["cal-key"], "level": "absolute", "rule_version": "2026.1"}
    why = {"overruled_because_sealed": SEALED}
    flag = facts.add("stop", Flag, note_id=note, body_sealed=SEALED, **values, **why)
    sign_note(facts, note)
    facts.change(Flag, flag, overruled_because_sealed=None)


@attempt(4, "an addendum changed")
def _change_addendum(facts: Facts) -> None:
    sql(facts, "UPDATE addendum SET text_sealed = :other", other=b"other")


@attempt(4, "an addendum deleted")
def _delete_addendum(facts: Facts) -> None:
    sql(facts, "DELETE FROM addendum")


@attempt(4, "a confirmation of answers dated later")
def _change_confirmation(facts: Facts) -> None:
    sql(facts, "UPDATE intake_confirmation SET at = at")


@attempt(4, "a confirmation of answers deleted")
def _delete_confirmation(facts: Facts) -> None:
    sql(facts, "DELETE FROM intake_confirmation")


@attempt(4, "a patient's reply changed")
def _change_reply(facts: Facts) -> None:
    sql(facts, "UPDATE reply SET text_sealed = :other", other=b"other")


@attempt(4, "a patient's reply deleted")
def _delete_reply(facts: Facts) -> None:
    sql(facts, "DELETE FROM reply")


def _ask(facts: Facts, visit: str) -> None:
    asked = {"practitioner_id": facts["physician"], "data_key_id": facts["cal-key"]}
    facts.add("attempted", Question, appointment_id=facts[visit], text_sealed=SEALED, **asked)


@attempt(4, "a question put into a consultation that is over")
def _late_question(facts: Facts) -> None:
    _ask(facts, "consultation-of-cal")


@attempt(4, "a question of a visit that is no consultation")
def _question_of_treatment(facts: Facts) -> None:
    _ask(facts, "treatment-of-cal")


@attempt(4, "a question to the patient changed")
def _change_question(facts: Facts) -> None:
    sql(facts, "UPDATE question SET text_sealed = :other", other=b"other")


@attempt(4, "a question to the patient deleted")
def _delete_question(facts: Facts) -> None:
    sql(facts, "DELETE FROM question WHERE id = :id", id=facts["unanswered-question"])


@attempt(4, "a question answered after the consultation")
def _late_reply(facts: Facts) -> None:
    answer = {"data_key_id": facts["cal-key"], "text_sealed": SEALED}
    facts.add("attempted", Reply, question_id=facts["unanswered-question"], **answer)
