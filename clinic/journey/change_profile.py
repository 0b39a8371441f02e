"""Another profile of the jurisdiction, with open eyes: what it changes is shown before it holds.

The gate is asked twice about each approval in force and each coming treatment visit, under the
profile of now and under the other. Nothing that is stored changes: what was signed keeps its dates,
and a visit stays until somebody moves it, though the gate may refuse it at the door. All that is
said of either is what the front desk may read: never a clinical reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from clinic import clock
from clinic.accounts.models import Patient
from clinic.catalogue.rules import MODALITIES
from clinic.jurisdiction import queries as jurisdiction
from clinic.jurisdiction import services
from clinic.jurisdiction.rules import Profile, differing
from clinic.permissions import Actor
from clinic.scheduling import queries as visits
from clinic.scheduling.models import Appointment
from clinic.screening.rules import Modality
from clinic.stale import fingerprint, must_be
from clinic.treatment import queries as treatment
from clinic.treatment import standing as standings
from clinic.treatment.models import Approval
from clinic.treatment.rules import (
    ApprovalFacts,
    DeskWord,
    GateFacts,
    Usable,
    Wish,
    desk_words,
    reasons_not_to_book,
    usable_from,
)

Gates = Mapping[int, treatment.Gate]
AT_ONCE = 200  # patients whose gates are read together


@dataclass(frozen=True)
class ApprovalLine:
    """An approval in force that the other profile touches. *is_longer* than one given under it may
    be: it keeps its last day all the same."""

    patient_name: str
    modalities: tuple[Modality, ...]
    valid_until: date
    before: Usable
    after: Usable
    is_longer: bool


@dataclass(frozen=True)
class VisitLine:
    """A coming treatment visit with the desk's words against it, before and after."""

    public_id: str
    starts_at: datetime
    zone: str
    patient_name: str
    service: str
    before: tuple[DeskWord, ...]
    after: tuple[DeskWord, ...]


@dataclass(frozen=True)
class Touched:
    """What another profile changes, approvals by patient, visits by time."""

    approvals: Sequence[ApprovalLine]
    visits: Sequence[VisitLine]

    def token(self, wanted: Profile) -> str:
        """Stands for exactly this profile touching exactly these: others are not agreed to."""
        return fingerprint(wanted, self.approvals, self.visits)


class NotSeen(RuntimeError):
    """What the profile touches has not been shown yet, or is something else now."""

    def __init__(self, touched: Touched, token: str) -> None:
        super().__init__(f"{len(touched.approvals)} approvals, {len(touched.visits)} visits")
        self.touched, self.token = touched, token


def carefully(
    wanted: Profile, because: str, *, shown_before: str | None, agreed: str | None, actor: Actor
) -> list[str]:
    """Put *wanted* in force; the names of what changed. Raises `NotSeen` unless *agreed* is the
    token of what it touches, and what `jurisdiction.services.put` raises.
    """
    must_be(shown_before, services.shown())
    old = jurisdiction.profile()
    if differing(old, wanted):
        # Asked before the lock is taken: a clinic's gates may take longer than a booking may wait.
        found = touched(old, wanted)
        if agreed != found.token(wanted):
            raise NotSeen(found, found.token(wanted))
    return services.put(wanted, because, shown_before=shown_before, actor=actor)


def touched(old: Profile, new: Profile) -> Touched:
    """What the step from one profile to the other changes, at this moment."""
    coming = visits.every_coming_treatment()
    standing = standings.standing_now()
    approvals: list[ApprovalLine] = []
    found: list[VisitLine] = []
    for some in _in_parts(
        _by_id([*(visit.patient for visit in coming), *(a.patient for a in standing)])
    ):
        ids = {patient.id for patient in some}
        gates = treatment.gates(some)
        approvals += _approvals([a for a in standing if a.patient_id in ids], gates, old, new)
        found += _visits([v for v in coming if v.patient_id in ids], gates, old, new)
    return Touched(
        sorted(approvals, key=lambda line: (line.patient_name, line.valid_until)),
        sorted(found, key=lambda line: (line.starts_at, line.public_id)),
    )


def _by_id(patients: Sequence[Patient | None]) -> dict[int, Patient]:
    return {patient.id: patient for patient in patients if patient is not None}


def _in_parts(patients: dict[int, Patient]) -> Iterator[list[Patient]]:
    everybody = list(patients.values())
    for start in range(0, len(everybody), AT_ONCE):
        yield everybody[start : start + AT_ONCE]


def _approvals(
    standing: Sequence[Approval], gates: Gates, old: Profile, new: Profile
) -> Iterator[ApprovalLine]:
    now = clock.now()
    for approval in standing:
        gate = gates[approval.patient_id]
        facts = next(facts for own, facts in gate.approvals if own.id == approval.id)
        zone = approval.note.appointment.location.zone
        before, after = (
            usable_from(_under(gate.base, profile, facts), facts, now, zone)
            for profile in (old, new)
        )
        is_longer = _is_longer(approval, new) and not _is_longer(approval, old)
        if before != after or is_longer:
            yield ApprovalLine(
                patient_name=approval.patient.name,
                modalities=tuple(m for m in Modality if facts.covers(m)),
                valid_until=approval.valid_until,
                before=before,
                after=after,
                is_longer=is_longer,
            )


def _is_longer(approval: Approval, profile: Profile) -> bool:
    months = profile.longest_validity_months
    return approval.valid_until > clock.months_later(approval.given_on, months)


def _under(base: GateFacts, profile: Profile, approval: ApprovalFacts | None) -> GateFacts:
    return replace(base, profile=profile, approval=approval)


def _visits(
    coming: Sequence[Appointment], gates: Gates, old: Profile, new: Profile
) -> Iterator[VisitLine]:
    for visit in coming:
        gate = gates[visit.patient_id or 0]
        wish = Wish(MODALITIES[visit.service.kind], visit.starts_at, visit.starts_on)
        facts = {own.id: facts for own, facts in gate.approvals}.get(visit.approval_id or 0)
        before, after = (
            tuple(desk_words(reasons_not_to_book(_under(gate.base, profile, facts), wish)))
            for profile in (old, new)
        )
        if before != after:
            yield VisitLine(
                public_id=visit.public_id,
                starts_at=visit.starts_at,
                zone=visit.location.zone,
                patient_name=visit.patient.name if visit.patient else "",
                service=visit.service.name,
                before=before,
                after=after,
            )
