"""The edges of the gate (clinical reference e.4): both sides of each limit, made as in a clinic.

An edge is a patient with an approval and a treatment that is wished for. On the near side all is in
order; past the limit it is one day, one modality, one area, one answer or one minute too far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clinic.accounts.models import Patient
from clinic.clock import local
from clinic.journey import may_sign, resume, withdraw
from clinic.jurisdiction.rules import STRICTEST
from clinic.screening.models import Decision
from clinic.screening.rules import Level, Modality
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import ApprovalState, GateFacts, Reason, Wish
from tests.factories import (
    TESTER,
    Cast,
    at,
    make_approval,
    make_intake,
    make_visit,
    put_profile,
    sign,
    staff_actor,
)
from tests.treatment.facts import FACE, FILLER, TOXIN, flag, on, wish

AT_TEN = at(8, 10, month=12)
LAST_DAY = {"valid_until": "2026-12-08"}
LIPS = {"filler_areas": ["lips"], "filler_ceiling": "1"}
ALONE = {"modality": "filler", "toxin_areas": [], **LIPS}
BOTH = {"modality": "combined", **LIPS}
THINNER = {"blood-thinners": {"value": "yes", "note": "aspirin"}}
DOUBLED = {"blood-thinners": {"value": "yes", "note": "aspirin and fish oil"}}
WEAK = {"neuromuscular-disease": {"value": "yes"}}
OVERRULED = {"neuromuscular-disease.absolute.toxin.any": "Old, harmless."}


@dataclass
class World:
    cast: Cast
    travel: Callable[[datetime], None]
    patch: pytest.MonkeyPatch

    def again(self, hour: int, decision: Decision = Decision.APPROVE, **over: Any) -> None:
        """Another decision of Ana's about Cal, on the form as it is."""
        cast = self.cast
        visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, hour))
        sign(visit, cast.ana_user, cast.ana, decision, **over)


@dataclass
class Wanted:
    """What somebody wants to book; *past_the_gate* is the approval it is stored on when nobody
    asks the gate."""

    patient: Patient
    kind: str = "toxin"
    starts_at: datetime = AT_TEN
    past_the_gate: Approval | None = field(init=False)

    def __post_init__(self) -> None:
        found = treatment.approvals_of(self.patient.id)
        self.past_the_gate = found[-1] if found else None

    @property
    def wish(self) -> Wish:
        modalities = {"toxin": [TOXIN], "filler": [FILLER], "combined": [TOXIN, FILLER]}
        day = local(self.starts_at, "Europe/London").date()
        return Wish(frozenset[Modality](modalities[self.kind]), self.starts_at, day)


@dataclass(frozen=True)
class Edge:
    """*pure* and *make* are told whether it is past the limit. *reason* is the gate's; *in_ask*
    the one that is said where another approval comes as near. *truth* refuses it in the database
    as well, where it does."""

    row: str
    condition: int
    says: str
    reason: Reason
    pure: Callable[[bool], tuple[GateFacts, Wish]]
    make: Callable[[World, bool], Wanted]
    truth: str | None = None
    in_ask: Reason | None = None

    @property
    def name(self) -> str:
        return f"{self.row} {self.condition} {self.says}"


def consulted(world: World, past: bool) -> Wanted:
    make_approval(world.cast)
    return Wanted(world.cast.dee if past else world.cast.cal)


def seen_by_live_video(world: World, past: bool) -> Wanted:
    """Approved where that counts; past the limit the profile is another one meanwhile."""
    put_profile(live_video_counts=True)
    make_approval(world.cast, by_live_video=True)
    if past:
        put_profile(live_video_counts=False)
    return Wanted(world.cast.cal)


def on_a_screen(past: bool) -> tuple[GateFacts, Wish]:
    profile = replace(STRICTEST, live_video_counts=not past)
    return on({"by_live_video": True}, consulted=False, profile=profile), wish()


def decided(world: World, past: bool) -> Wanted:
    make_intake(world.cast.cal)
    if past:
        world.again(11, Decision.ASK, question="Since when?")
    else:
        world.again(11)
    return Wanted(world.cast.cal)


def withdrawn(world: World, past: bool) -> Wanted:
    make_approval(world.cast)
    if past:
        [given] = treatment.approvals_of(world.cast.cal.id)
        withdraw.approval(given, world.cast.cal, "New medicine.", actor=TESTER)
    return Wanted(world.cast.cal)


def superseded(world: World, past: bool) -> Wanted:
    """By a shorter one of its own modality; or one of the other beside it."""
    make_approval(world.cast)
    world.again(13, **({"valid_until": "2026-12-07"} if past else ALONE))
    return Wanted(world.cast.cal)


def suspended(world: World, past: bool) -> Wanted:
    cast = world.cast
    make_approval(cast)
    form = make_intake(cast.cal, answers=THINNER)
    if not past:
        [given] = treatment.approvals_of(cast.cal.id)
        ana = staff_actor(cast.ana_user, cast.ana)
        resume.approval(given, cast.cal, form.public_id, "Aspirin.", actor=ana)
    return Wanted(cast.cal)


def last_day(world: World, past: bool) -> Wanted:
    make_approval(world.cast, **LAST_DAY)
    return Wanted(world.cast.cal, starts_at=AT_TEN + timedelta(days=past))


def other_modality(world: World, past: bool) -> Wanted:
    make_approval(world.cast)
    return Wanted(world.cast.cal, "filler" if past else "toxin")


def half_of_combined(world: World, past: bool) -> Wanted:
    make_approval(world.cast, **({} if past else BOTH))
    return Wanted(world.cast.cal, "combined")


def two_halves(world: World, past: bool) -> Wanted:
    make_approval(world.cast, **({} if past else BOTH))
    if past:
        world.again(13, **ALONE)
    return Wanted(world.cast.cal, "combined")


def one_area(world: World, past: bool) -> Wanted:
    """An infection in an area that is approved, or in the one beside it. Signing refuses it too;
    here nobody objects."""
    area = "forehead" if past else "lips"
    answers = {"infection-at-site": {"value": "yes", "areas": [area]}}
    if past:
        world.patch.setattr(may_sign, "object_to_approving", lambda *_, **__: None)
    make_intake(world.cast.cal, answers=answers)
    world.again(11)
    return Wanted(world.cast.cal)


def without_reason(world: World, past: bool) -> Wanted:
    if past:
        world.patch.setattr(may_sign, "object_to_approving", lambda *_, **__: None)
    make_intake(world.cast.cal, answers=WEAK)
    world.again(11, overruled={} if past else OVERRULED)
    return Wanted(world.cast.cal)


def toxin_interval(world: World, past: bool) -> Wanted:
    """84 days before 8 December is 15 September."""
    session = {"date": "2026-09-16" if past else "2026-09-15"}
    make_intake(world.cast.cal, answers={"recent-toxin": {"value": "yes", "session": session}})
    world.again(11)
    return Wanted(world.cast.cal)


def one_answer(world: World, past: bool) -> Wanted:
    make_approval(world.cast)
    make_intake(world.cast.cal, answers=THINNER if past else {})
    return Wanted(world.cast.cal)


def one_answer_after_the_read_form(world: World, past: bool) -> Wanted:
    suspended(world, past=False)
    make_intake(world.cast.cal, answers=DOUBLED if past else THINNER)
    return Wanted(world.cast.cal)


def cooling_off(world: World, past: bool) -> Wanted:
    """Signed within the minute before ten, or the minute after; wished for at ten the day after."""
    make_intake(world.cast.cal)
    cast = world.cast
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    world.travel(at(24, 10) + timedelta(seconds=30 if past else -30))
    sign(visit, cast.ana_user, cast.ana)
    return Wanted(cast.cal, starts_at=at(25, 10))


def of_state(state: ApprovalState) -> Callable[[bool], tuple[GateFacts, Wish]]:
    def pure(past: bool) -> tuple[GateFacts, Wish]:
        return on({"state": state if past else ApprovalState.IN_FORCE}), wish()

    return pure


def of_areas(past: bool) -> tuple[GateFacts, Wish]:
    areas = tuple(FACE)[:1] if past else ("lips",)
    return on({"flags": (flag(areas=areas, level=Level.ABSOLUTE),)}), wish()


SCOPE = {TOXIN: FACE, FILLER: frozenset({"lips"})}
EDGES = (
    Edge(
        "G1", 2, "no completed consultation", Reason.NO_CONSULTATION,
        lambda past: (on(consulted=not past), wish()), consulted, "truth 2",
    ),
    Edge(
        "G1", 2, "seen by live video, which counts or not", Reason.NO_CONSULTATION,
        on_a_screen, seen_by_live_video, "truth 2",
    ),
    Edge(
        "G1", 3, "a question and no approval", Reason.NO_APPROVAL,
        lambda past: (on() if not past else _without_approval(), wish()), decided, "truth 2",
    ),
    Edge(
        "G1", 3, "withdrawn", Reason.WITHDRAWN,
        of_state(ApprovalState.WITHDRAWN), withdrawn, "truth 2",
    ),
    Edge(
        "G4", 3, "suspended, or read and resumed", Reason.SUSPENDED,
        of_state(ApprovalState.SUSPENDED), suspended, "truth 2",
    ),
    Edge(
        "G9", 3, "superseded, or one of another modality beside it", Reason.SUPERSEDED,
        of_state(ApprovalState.SUPERSEDED), superseded, "truth 2", Reason.NOT_IN_FORCE,
    ),
    Edge(
        "G5", 4, "the last day and the day after", Reason.NOT_IN_FORCE,
        lambda past: (on(), wish(date(2027, 5, 24 + past))), last_day, "truth 2",
    ),
    Edge(
        "G2", 5, "one modality, another one wished for", Reason.NOT_COVERED,
        lambda past: (on(), wish(modalities=[FILLER if past else TOXIN])),
        other_modality, "truth 2",
    ),
    Edge(
        "G2", 5, "combined, one half approved", Reason.NOT_COVERED,
        lambda past: (on({} if past else {"scope": SCOPE}), wish(modalities=[TOXIN, FILLER])),
        half_of_combined, "truth 2",
    ),
    Edge(
        "G2", 5, "combined, two halves approved apart", Reason.NOT_COVERED,
        lambda past: (on({} if past else {"scope": SCOPE}), wish(modalities=[TOXIN, FILLER])),
        two_halves, "truth 2",
    ),
    Edge(
        "G1", 6, "an absolute flag about one area", Reason.ABSOLUTE_FLAG, of_areas, one_area,
    ),
    Edge(
        "G7", 6, "an absolute flag overruled, or not", Reason.ABSOLUTE_FLAG,
        lambda past: (on({"flags": (flag(resolved=not past),)}), wish()), without_reason,
    ),
    Edge(
        "G1", 7, "84 days after the last toxin, or 83", Reason.TOXIN_INTERVAL,
        lambda past: (on(last_toxin_on=date(2026, 9, 8 + past)), wish()), toxin_interval,
    ),
    Edge(
        "G4", 8, "one changed answer", Reason.INTAKE_CHANGED,
        lambda past: (on({"intake_changed": past}), wish()), one_answer, "truth 2",
    ),
    Edge(
        "G4", 8, "one answer changed after the form that was read", Reason.INTAKE_CHANGED,
        lambda past: (on({"intake_changed": past}), wish()),
        one_answer_after_the_read_form, "truth 2",
    ),
    Edge(
        "G1", 9, "a day to reflect, to the minute", Reason.COOLING_OFF,
        lambda past: (
            on(), wish(date(2026, 11, 25), starts_at=at(25, 10) - timedelta(minutes=past)),
        ),
        cooling_off,
    ),
)  # fmt: skip


def _without_approval() -> GateFacts:
    return GateFacts(born_on=date(1990, 3, 2), consulted=True, approval=None)
