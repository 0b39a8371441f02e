"""The desk's day: who, when, where, which service, which state. No clinical content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from clinic import clock
from clinic.accounts import queries as people
from clinic.accounts.models import Patient
from clinic.catalogue import queries as catalogue
from clinic.frontdesk.lines import OF_A_DAY, OF_A_DAY_AT, Line, lines
from clinic.scheduling.rules import AppointmentStatus
from clinic.treatment import standing
from clinic.treatment.standing import DeskApproval


@dataclass(frozen=True)
class DaySheet:
    lines: tuple[Line, ...]

    @cached_property
    def zones(self) -> list[str]:
        return sorted({line.zone for line in self.lines})

    @property
    def by_place(self) -> Mapping[str, tuple[Line, ...]]:
        """By time; where clocks differ, the visits of each site by themselves, by its name."""
        if len(self.zones) < 2:
            return {"": self.lines}
        in_order = sorted(self.lines, key=lambda line: (line.place, line.place_id))
        return _parted(in_order, by=lambda line: line.place_id)

    @property
    def by_practitioner(self) -> Mapping[str, tuple[Line, ...]]:
        in_order = sorted(self.lines, key=lambda line: (line.colour, line.starts_at))
        return _parted(in_order, by=lambda line: line.practitioner)

    @property
    def waiting(self) -> Sequence[Line]:
        return [line for line in self.lines if line.status == AppointmentStatus.ARRIVED]

    @property
    def late(self) -> Sequence[Line]:
        return [line for line in self.lines if line.is_late]

    @property
    def not_ready(self) -> Sequence[Line]:
        return [line for line in self.lines if any(line.missing)]

    @property
    def unready_alone(self) -> DaySheet:
        """The same day with nobody but those who are not ready."""
        return DaySheet(tuple(self.not_ready))


def _parted(lines: Iterable[Line], by: Callable[[Line], str]) -> Mapping[str, tuple[Line, ...]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by(line), []).append(line)
    return {name: tuple(some) for name, some in found.items()}


def day_sheet(day: date, sites: Collection[int] | None = None) -> DaySheet:
    """The booked visits of a day at some *sites*, or at all, by time. One statement, whatever the
    number of visits.

    Each site has its own day: a visit is listed under the date that its site's clock shows.
    Only what a line shows is read, for a day may have hundreds: rows of whole tables cost more.
    """
    if sites is None:
        return DaySheet(lines(OF_A_DAY, {"day": day}))
    return DaySheet(lines(OF_A_DAY_AT, {"day": day, "sites": tuple(sorted(sites))}))


class InvitationState(StrEnum):
    HAS_ACCOUNT = "has-account"
    NO_ADDRESS = "no-address"
    NOT_SENT = "not-sent"
    SENT = "sent"
    OVER = "over"
    USED = "used"


@dataclass(frozen=True)
class Invitation:
    """How far a patient has come on the way to a sign-in of their own; *at* is when."""

    state: InvitationState
    at: datetime | None = None

    @property
    def may_be_sent(self) -> bool:
        return self.state not in (InvitationState.HAS_ACCOUNT, InvitationState.NO_ADDRESS)


def invitation(patient: Patient) -> Invitation:
    if patient.user_id is not None:
        return Invitation(InvitationState.HAS_ACCOUNT)
    if patient.email is None:
        return Invitation(InvitationState.NO_ADDRESS)
    link = people.newest_claim(patient.id)
    if link is None or link.email != patient.email:
        return Invitation(InvitationState.NOT_SENT)
    if link.used_at is not None:
        return Invitation(InvitationState.USED, link.used_at)
    is_over = link.expires_at <= clock.now()
    return Invitation(InvitationState.OVER if is_over else InvitationState.SENT, link.sent_at)


def approvals_for_desk(patient_ids: Sequence[int]) -> Mapping[int, Sequence[DeskApproval]]:
    """Modality and last day of what is approved: yes or no, never what for."""
    return standing.approved_until(patient_ids, clock.today(catalogue.site().zone))
