"""Thousands of acts in any order: after each, the truths hold (a machine of Hypothesis)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.catalogue.models import Room
from clinic.database import db, transaction
from clinic.journey import book, cancel, move
from clinic.scheduling import availability, diary, queries, roster, rules, services
from clinic.scheduling.models import Absence, Appointment, Participant
from clinic.scheduling.rules import AbsenceKind, free_slots
from clinic.scheduling.rules import AppointmentStatus as S
from clinic.scheduling.services import (
    Changed,
    HoldAtItsLongest,
    SlotTaken,
    UndoOver,
)
from tests import factories, soak
from tests.factories import TESTER
from tests.scheduling import truths
from tests.soak import tries

KINDS = st.sampled_from(["consultation", "follow-up"])
THREE = st.integers(0, 2)
SELDOM = st.sampled_from([False, False, False, True])
MINUTE = timedelta(minutes=1)
# From one act to the next; no number of them makes a whole minute, at which a hold might run out
# while it is being asked about.
MOMENT = timedelta(seconds=7.3)
DAYS = 2
STEPS = 50
A_NIGHT = 15 * 60

# Forward along the arrows, and back on the same day; an end is an end.
WALKS = [
    (old, new)
    for old, news in rules.ARROWS.items()
    for new in news
    if S.CANCELLED not in (old, new) and old != S.PROPOSED
]


class Clinic(RuleBasedStateMachine):
    """What people do, and what must be true whatever they do.

    *begin* gives an empty clinic with its cast, *travel* moves the clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cast = type(self).begin()
        self.now = factories.at(24, 9)
        self.tell_the_time(self.now)
        self.visitors = [factories.make_visitor() for _browser in range(3)]
        self.patients = [self.cast.cal, self.cast.dee, factories.make_patient()]
        self.before = {}
        self.acts = Counter()

    def tell_the_time(self, now) -> None:
        self.now = now
        type(self).travel(now)

    # What there is.

    def visits(self, *states):
        db.session.rollback()
        wanted = Appointment.status.in_(states)
        return list(db.session.scalars(db.select(Appointment).where(wanted).order_by("id")))

    def offered(self, service, patient=None, besides=None):
        today = clock.today(service.location.zone)
        facts = availability.times(service, today, DAYS, patient=patient, besides=besides).facts
        return [(s.practitioner_id, s.starts_at) for s in free_slots(facts, today, DAYS)]

    def is_on_offer(self, hold, *, as_held=False):
        """Whether its time is, with its own physician and in its own room; *as_held* under the
        roster as it is now, but with the notice that there was when it was held."""
        facts = availability.times(hold.service, hold.starts_on, 1, besides=hold).facts
        if as_held:
            facts = replace(facts, now=hold.status_at)
        held = queries.actors_of(hold)
        own = replace(facts, rooms=tuple(r for r in facts.rooms if r.actor_id in held))
        return any(rules.is_free(own, actor_id, hold.starts_at) for actor_id in held)

    def a_time(self, data, times):
        """Mostly one on offer, sometimes any."""
        anything = st.tuples(
            st.sampled_from([self.cast.ana.actor_id, self.cast.eli.actor_id]),
            st.integers(-60, 60).map(lambda n: factories.at(25, 13) + n * 5 * MINUTE),
        )
        return data.draw(st.sampled_from(times) | anything if times else anything)

    def meets_another(self, patient, visit):
        """Whether a visit of the patient, or a live hold, overlaps this one; in plain SQL."""
        found = db.session.execute(
            text(
                "SELECT COUNT(*) FROM participant p JOIN appointment a ON a.id = p.appointment_id"
                " WHERE p.active AND p.actor_id = :actor AND a.id <> :visit"
                " AND p.starts_at < (SELECT ends_at FROM appointment WHERE id = :visit)"
                " AND p.ends_at > (SELECT starts_at FROM appointment WHERE id = :visit)"
                " AND NOT (a.status = 'proposed' AND a.hold_until <= :now)"
            ).bindparams(db.bindparam("now", type_=Appointment.hold_until.type)),
            {"actor": patient.actor_id, "visit": visit.id, "now": clock.now()},
        )
        return bool(found.scalar())

    def did(self, act, *expected):
        """Do it; the name of what it raised, or None. Anything unexpected is a fault."""
        try:
            act()
        except expected as refused:
            db.session.rollback()
            return type(refused).__name__
        return None

    # What people do.

    @rule(data=st.data())
    def act(self, data):
        """One act that makes sense now, what leads on more often than what ends."""
        self.tell_the_time(self.now + MOMENT)
        there = {S(visit.status) for visit in self.before.values()}
        acts = [self.press_book] * 5 if S.PROPOSED in there else []
        acts += [self.hold] * 4 + [self.time_goes_on] * 2 + [self.is_away, self.is_back]
        if S.PROPOSED in there:
            acts += [self.extend, self.release]
        if S.BOOKED in there:
            acts += [self.press_move] * 3 + [self.press_cancel] * 2
        if S.CANCELLED in there:
            acts += [self.press_undo] * 2
        if there & {S.BOOKED, S.ARRIVED, S.IN_ROOM, S.NOSHOW}:
            acts += [self.walk] * 3
        data.draw(st.sampled_from(acts), label="act")(data)

    def hold(self, data):
        kind, browser, who = data.draw(KINDS), data.draw(THREE), data.draw(THREE | st.just(-1))
        service, visitor = self.cast.service(kind), self.visitors[browser]
        patient = self.patients[who] if who >= 0 else None
        own = queries.hold_of(visitor.id)
        times = self.offered(service, patient, besides=own)
        actor_id, starts_at = self.a_time(data, times)
        held = []

        def act():
            held.append(
                book.hold(
                    service, actor_id, starts_at, visitor=visitor, actor=TESTER, patient=patient
                )
            )

        refused = self.did(act, SlotTaken)

        assert refused == (None if (actor_id, starts_at) in times else "SlotTaken")
        if refused is None:
            self.acts[held[0].public_id] += 1
            if own is not None:
                self.acts[own.public_id] += 1

    def press_book(self, data):
        who = data.draw(THREE)
        hold = data.draw(st.sampled_from(self.visits(S.PROPOSED)))
        patient = hold.patient or self.patients[who]
        is_live = hold.hold_until > clock.now()
        may_book = self.is_on_offer(hold, as_held=is_live)
        meets = self.meets_another(patient, hold)

        refused = self.did(lambda: book.confirm(hold, patient, actor=TESTER), SlotTaken)

        assert refused == ("SlotTaken" if meets or not may_book else None)
        if refused is None:
            self.acts[hold.public_id] += 1

    def extend(self, data):
        hold = data.draw(st.sampled_from(self.visits(S.PROPOSED)))

        act = lambda: services.extend(hold, actor=TESTER)  # noqa: E731
        if self.did(act, SlotTaken, HoldAtItsLongest) is None:
            self.acts[hold.public_id] += 1
            assert hold.hold_until > clock.now()

    def release(self, data):
        hold = data.draw(st.sampled_from(self.visits(S.PROPOSED)))
        services.release(hold, actor=TESTER)
        self.acts[hold.public_id] += 1

    def press_cancel(self, data):
        visit = data.draw(st.sampled_from(self.visits(S.BOOKED)))
        cancel.by_staff(visit, "ill", actor=TESTER)
        self.acts[visit.public_id] += 1

    def press_undo(self, data):
        visit = data.draw(st.sampled_from(self.visits(S.CANCELLED)))
        in_time = clock.now() - visit.status_at <= rules.UNDO_CANCEL

        refused = self.did(lambda: cancel.undo(visit, actor=TESTER), SlotTaken, UndoOver)

        if visit.booked_at is None or not in_time:
            assert refused == "UndoOver"
        if refused is None:
            self.acts[visit.public_id] += 1

    def press_move(self, data):
        is_stale = data.draw(SELDOM)
        visit = data.draw(st.sampled_from(self.visits(S.BOOKED)))
        times = self.offered(visit.service, visit.patient, besides=visit)
        wanted = self.a_time(data, times)
        is_there = wanted == (queries.practitioner_of(visit).actor_id, visit.starts_at)
        shown = visit.version - is_stale

        refused = self.did(
            lambda: move.by_staff(visit, *wanted, shown=shown, reason="ill", actor=TESTER),
            SlotTaken,
            Changed,
            move.SameTime,
        )

        if is_there:
            assert refused == "SameTime"
        elif is_stale:
            assert refused == "Changed"
        else:
            assert refused == (None if wanted in times else "SlotTaken")
        if refused is None:
            self.acts[visit.public_id] += 1

    def walk(self, data):
        visit = data.draw(st.sampled_from(self.visits(S.BOOKED, S.ARRIVED, S.IN_ROOM, S.NOSHOW)))
        was, new = data.draw(st.sampled_from([w for w in WALKS if w[0] == visit.status]))

        act = lambda: services.change_status(visit, was, new, actor=TESTER)  # noqa: E731
        if self.did(act, Changed, SlotTaken, IntegrityError) is None:
            self.acts[visit.public_id] += 1

    def is_away(self, data):
        starts, lasts = data.draw(st.integers(0, 22)), data.draw(st.integers(1, 3))
        day = data.draw(st.integers(24, 26))
        rooms = [
            room.actor_id for room in db.session.scalars(db.select(Room).order_by(Room.actor_id))
        ]
        actors = [self.cast.ana.actor_id, self.cast.eli.actor_id, *rooms]
        on = factories.at(day, 0).date()
        with transaction():
            db.session.add(
                Absence(
                    actor_id=data.draw(st.sampled_from(actors)),
                    starts_on=on,
                    starts_minute=starts * 60,
                    ends_on=on,
                    ends_minute=min(1440, (starts + lasts) * 60),
                    kind=AbsenceKind.ILL,
                )
            )

    def is_back(self, data):
        with transaction():
            db.session.execute(db.delete(Absence))

    def time_goes_on(self, data):
        minutes = data.draw(st.sampled_from([1, 5, 9, 10, 11, 20, 60, A_NIGHT]))
        self.tell_the_time(self.now + minutes * MINUTE)

    # What must be true.

    @initialize()
    def nothing_yet(self):
        assert truths.stored() == {}

    @invariant()
    def the_truths_hold(self):
        assert truths.broken() == {}

    @invariant()
    def states_follow_arrows_and_changes_are_counted(self):
        now = truths.stored()
        for public_id, was in self.before.items():
            is_ = now[public_id]
            changed = (was.status, was.starts_at) != (is_.status, is_.starts_at)
            counted = is_.version - was.version
            assert counted >= 0
            assert was.status == is_.status or is_.status in rules.ARROWS[S(was.status)]
            assert not (changed and was.booked) or counted == 1
            assert was.patient_id in (None, is_.patient_id)
        self.before = now

    @invariant()
    def everything_done_is_written_down(self):
        over = db.select(Appointment.public_id).filter_by(cancel_reason="expired")
        retired = Counter(db.session.scalars(over))  # by whoever needed their time
        assert truths.rows_about() == dict(self.acts + retired)

    @invariant()
    def what_is_kept_in_memory_is_what_is_stored(self):
        service = self.cast.service("consultation")
        facts = diary.current().facts_of(roster.offered(service))
        kept = free_slots(facts, clock.today(service.location.zone), DAYS)
        assert [(s.practitioner_id, s.starts_at) for s in kept] == self.offered(service)

    @invariant()
    def no_time_on_offer_meets_what_is_taken(self):
        service = self.cast.service("consultation")
        reserved = availability.service_facts(service).reserved
        query = db.select(Participant).join(Appointment).where(Participant.active)
        booked = list(db.session.scalars(query.where(Appointment.status != S.PROPOSED)))
        met = [
            (actor_id, starts_at)
            for actor_id, starts_at in self.offered(service)
            for taken in booked
            if taken.actor_id == actor_id
            and taken.starts_at < reserved(starts_at).ends_at
            and reserved(starts_at).starts_at < taken.ends_at
        ]
        assert met == []


def test_S71_whatever_is_done_in_any_order_at_random_the_truths_hold(app, engine, told, travel):
    def begin():
        engine.empty()
        return told(factories.make_cast, timedelta(hours=1))

    members = {"begin": staticmethod(begin), "travel": staticmethod(travel)}
    steps = 200 if soak.is_on else STEPS

    run_state_machine_as_test(
        type("Machine", (Clinic,), members),
        settings=settings(tries(4, 25), stateful_step_count=steps),
    )
