"""One decision for its patient: in their words, as it stands now, with what is missing next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.accounts.same_person import ids_of
from clinic.catalogue import queries as catalogue
from clinic.catalogue.models import Service
from clinic.catalogue.rules import MODALITIES, TREATMENTS
from clinic.database import db
from clinic.decisions import rules
from clinic.decisions.rules import Standing
from clinic.intake import confirmations
from clinic.permissions import Actor
from clinic.records.queries import approval_view, decision_view
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.screening import queries as screening
from clinic.screening.models import Decision, ScreeningNote
from clinic.screening.rules import Modality
from clinic.treatment import queries as treatment
from clinic.treatment.consent import TextName, text_of
from clinic.treatment.models import Approval, ApprovalEventKind
from clinic.treatment.rules import (
    ApprovalFacts,
    GateFacts,
    Reason,
    Wish,
    reasons_not_to_book,
    thinking_until,
    toxin_again_on,
)

# What passes by itself: a day can be chosen all the same.
SOON = frozenset({Reason.COOLING_OFF, Reason.TOXIN_INTERVAL})
# What the standing says already.
SAID = frozenset({Reason.SUSPENDED, Reason.WITHDRAWN, Reason.SUPERSEDED, Reason.NOT_IN_FORCE})


def own_decision(actor: Actor, public_id: str) -> ScreeningNote | None:
    """A signed decision about the patient who asks; a code opens none of an account's (S11)."""
    if not actor.opens_own_record:
        return None
    return db.session.scalar(
        select(ScreeningNote)
        .options(
            joinedload(ScreeningNote.practitioner),
            joinedload(ScreeningNote.reply),
            joinedload(ScreeningNote.appointment).joinedload(Appointment.location),
        )
        .where(
            ScreeningNote.public_id == public_id,
            ScreeningNote.patient_id.in_(ids_of(actor.patient_id)),
            ScreeningNote.signed_at.is_not(None),
        )
    )


@dataclass(frozen=True)
class Next:
    """What is missing before the treatment, as of now. *blocked* are the gate's other reasons."""

    blocked: Sequence[Reason] = ()
    thinking_until: datetime | None = None
    toxin_again_on: date | None = None
    bookable: Sequence[Service] = ()
    booked: Sequence[Appointment] = ()
    to_confirm: Sequence[Appointment] = ()


@dataclass(frozen=True)
class OwnDecision:
    """*view* and *approval* hold the fields that a patient may read, and no others."""

    view: dict[str, Any]
    standing: Standing
    approval: dict[str, Any] | None = None
    ended_at: datetime | None = None  # when it was paused, withdrawn or replaced
    newer: str | None = None  # the decision that takes its place
    next: Next = field(default_factory=Next)
    text: TextName | None = None  # what is agreed to before the treatment


def decision(note: ScreeningNote, actor: Actor) -> OwnDecision:
    """*note* is signed and the actor's own."""
    today = clock.today(note.appointment.location.zone)
    view = decision_view(note, actor)
    if note.decision == Decision.APPROVE:
        return _approved(note, view, today, actor)
    newer = _newer(note)
    replaced = newer is not None
    if note.decision == Decision.DEFER:
        until = date.fromisoformat(str(view["until"])) if view.get("until") else None
        standing = rules.of_deferral(until=until, is_replaced=replaced, today=today)
    elif note.decision == Decision.ASK:
        standing = rules.of_question(is_answered=note.reply is not None, is_replaced=replaced)
    else:
        standing = rules.of_refusal(is_replaced=replaced)
    return OwnDecision(view=view, standing=standing, newer=newer)


def _newer(note: ScreeningNote) -> str | None:
    """The newest decision after *note*; a question decides nothing."""
    newest = screening.signed_notes(note.patient_id)
    later = (n for n in newest if n.id > note.id and n.decision != Decision.ASK)
    return next((n.public_id for n in later), None)


def _approved(note: ScreeningNote, view: dict[str, Any], today: date, actor: Actor) -> OwnDecision:
    gate = treatment.gate(note.patient)
    approval, facts = next(pair for pair in gate.approvals if pair[0].note_id == note.id)
    standing = rules.of_approval(treatment.state_on(approval, today))
    is_live = standing in (Standing.IN_FORCE, Standing.PAUSED)
    return OwnDecision(
        view=view,
        standing=standing,
        approval=approval_view(approval, actor),
        ended_at=_ended_at(approval, standing),
        newer=None if is_live else _replacement(gate, approval) or _newer(note),
        next=_next(gate, approval, facts, today, actor) if is_live else Next(),
        text=text_of(facts.scope) if is_live else None,
    )


def _ended_at(approval: Approval, standing: Standing) -> datetime | None:
    kind = {
        Standing.PAUSED: ApprovalEventKind.SUSPENDED,
        Standing.WITHDRAWN: ApprovalEventKind.WITHDRAWN,
        Standing.REPLACED: ApprovalEventKind.SUPERSEDED,
    }.get(standing)
    return max((event.at for event in approval.events if event.kind == kind), default=None)


def _replacement(gate: treatment.Gate, old: Approval) -> str | None:
    """The newest approval after *old* that shares a modality with it."""
    shared = {scope.modality for scope in old.scopes}
    for newer, facts in gate.approvals:
        if newer.id > old.id and not shared.isdisjoint(facts.scope):
            return newer.note.public_id
    return None


def _next(
    gate: treatment.Gate, approval: Approval, facts: ApprovalFacts, today: date, actor: Actor
) -> Next:
    """Asked of the gate for this moment, service by service; the rest are dates and visits.

    On a record that another one replaces nothing new is booked.
    """
    may_book = approval.patient_id == actor.patient_id
    now = clock.now()
    base = replace(gate.base, approval=facts)
    coming = visits.coming_treatments(approval.patient_id)
    booked = [visit for visit in coming if visit.approval_id == approval.id]
    asks = confirmations.of_coming(booked, gate.form).asks
    against = _against(base, facts, now)
    has_visit = {visit.service.kind for visit in booked}
    thinking = thinking_until(base, facts, frozenset(facts.scope))
    again = toxin_again_on(base) if Modality.TOXIN in facts.scope else None
    blocked = {reason for _service, reasons in against for reason in reasons} - SOON - SAID
    return Next(
        blocked=[reason for reason in Reason if reason in blocked],
        thinking_until=thinking if thinking is not None and thinking > now else None,
        toxin_again_on=again if again is not None and again > today else None,
        bookable=[s for s, why in against if may_book and why <= SOON and s.kind not in has_visit],
        booked=booked,
        to_confirm=[visit for visit in booked if visit.id in asks],
    )


def _against(
    base: GateFacts, facts: ApprovalFacts, now: datetime
) -> list[tuple[Service, set[Reason]]]:
    """Every service that the approval covers, with what the gate has against it at this moment."""
    found = []
    for service in catalogue.services():
        wanted = MODALITIES[service.kind]
        if service.kind in TREATMENTS and all(facts.covers(modality) for modality in wanted):
            day = clock.local(now, service.location.zone).date()
            found.append((service, set(reasons_not_to_book(base, Wish(wanted, now, day)))))
    return found
