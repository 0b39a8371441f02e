"""A manager changes the accounts of staff: never their own, never the last manager's (S6, S17)."""

from __future__ import annotations

import pytest

from clinic.accounts import staff
from clinic.accounts.models import EndedBecause, Passkey, UserSession
from clinic.accounts.practitioners import Newcomer
from clinic.accounts.services import AddressHasAccount
from clinic.database import db, transaction
from clinic.notices.models import Message, MessageKind
from clinic.permissions import Role
from tests.factories import TESTER, staff_actor
from tests.rush import together

DESK, PHYSICIAN, MANAGER = Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER


@pytest.fixture
def manager(cast):
    return staff_actor(cast.max)


def mails(kind):
    return [
        m.to
        for m in db.session.scalars(db.select(Message).filter_by(kind=kind).order_by(Message.id))
    ]


def open_session(user):
    with transaction():
        session = UserSession(user_id=user.id, token_hash=user.public_id.encode())
        db.session.add(session)
    return session


@pytest.mark.parametrize("wanted", [{DESK}, {MANAGER}, {DESK, MANAGER}])
def test_the_desk_and_managers_roles_are_given_to_anybody(cast, manager, wanted):
    staff.change_roles(cast.bea, frozenset(wanted), actor=manager)

    assert staff.roles_of(cast.bea) == wanted


def test_a_physicians_role_is_given_to_a_physician_alone(cast, manager):
    staff.change_roles(cast.ana_user, frozenset({PHYSICIAN, MANAGER}), actor=manager)

    assert staff.roles_of(cast.ana_user) == {PHYSICIAN, MANAGER}
    with pytest.raises(staff.NotGiven):
        staff.change_roles(cast.bea, frozenset({PHYSICIAN}), actor=manager)


@pytest.mark.parametrize("wanted", [set(), {Role.PATIENT}, {Role.CODE, DESK}])
def test_S4_no_other_role_is_given_and_none_is_none(cast, manager, wanted):
    with pytest.raises(staff.NotGiven):
        staff.change_roles(cast.bea, frozenset(wanted), actor=manager)


@pytest.mark.parametrize(
    "act",
    [
        lambda user, **who: staff.change_roles(user, frozenset({DESK}), **who),
        staff.shut_out,
        staff.end_all,
        staff.start_reset,
        staff.reset_factor,
    ],
    ids=["roles", "shut out", "end", "reset", "factor"],
)
def test_nobody_does_any_of_it_to_themself(cast, manager, act):
    with pytest.raises(staff.OwnAccount):
        act(cast.max, actor=manager)


@pytest.mark.parametrize(
    "act",
    [lambda user, **who: staff.change_roles(user, frozenset({DESK}), **who), staff.shut_out],
    ids=["roles", "shut out"],
)
def test_the_last_manager_stays_and_one_of_two_may_go(cast, manager, act):
    with pytest.raises(staff.LastManager):
        act(cast.max, actor=TESTER)
    staff.change_roles(cast.bea, frozenset({MANAGER}), actor=manager)

    act(cast.max, actor=TESTER)

    with pytest.raises(staff.LastManager):
        act(cast.bea, actor=TESTER)


def test_a_manager_who_is_shut_out_does_not_count(cast, manager):
    staff.change_roles(cast.bea, frozenset({MANAGER}), actor=manager)
    staff.shut_out(cast.bea, actor=manager)

    with pytest.raises(staff.LastManager):
        staff.shut_out(cast.max, actor=TESTER)


def test_two_managers_who_shut_each_other_out_leave_one(cast, app, manager):
    staff.change_roles(cast.bea, frozenset({MANAGER}), actor=manager)
    bea = staff_actor(cast.bea)
    db.session.commit()

    outcomes = together(
        lambda: staff.shut_out(db.session.merge(cast.bea), actor=manager),
        lambda: staff.shut_out(db.session.merge(cast.max), actor=bea),
    )

    assert sorted(str(o) for o in outcomes) == ["LastManager", "None"]


def test_S20_shutting_out_ends_every_session_on_the_server(cast, manager):
    session = open_session(cast.bea)

    staff.shut_out(cast.bea, actor=manager)

    assert session.ended_because == EndedBecause.ENDED_BY_MANAGER


def test_S20_ending_all_ends_theirs_and_nobody_elses(cast, manager):
    session, other = open_session(cast.bea), open_session(cast.ana_user)

    assert staff.end_all(cast.bea, actor=manager) == 1
    assert session.ended_at is not None
    assert other.ended_at is None


def test_S17_a_reset_is_a_link_by_mail_and_the_password_stays_till_then(cast, manager):
    was = cast.bea.password

    staff.start_reset(cast.bea, actor=manager)

    assert mails(MessageKind.RESET) == [cast.bea.email]
    assert cast.bea.password == was


def test_S17_somebody_shut_out_is_sent_no_link(cast, manager):
    staff.shut_out(cast.bea, actor=manager)

    with pytest.raises(staff.ShutOut):
        staff.start_reset(cast.bea, actor=manager)
    assert mails(MessageKind.RESET) == []


def test_a_lost_second_step_is_taken_off_whole_and_the_owner_is_told(cast, manager):
    with transaction():
        cast.bea.totp_sealed, cast.bea.totp_last_counter = b"seed", 7
        cast.bea.recovery_sealed = b"codes"
        cast.bea.webauthn.append(
            Passkey(name="key", credential_id=b"id", public_key=b"key", usage="first")
        )
    session = open_session(cast.bea)

    staff.reset_factor(cast.bea, actor=manager)

    bea = cast.bea
    assert (bea.totp_sealed, bea.totp_last_counter, bea.recovery_sealed) == (None, None, None)
    assert db.session.scalars(db.select(Passkey)).all() == []
    assert session.ended_at is not None
    assert mails(MessageKind.FACTOR_CHANGED) == [bea.email]


def test_somebody_new_gets_a_link_and_no_password(cast, manager):
    user = staff.add("Noa Lind", " NOA@Example.org ", frozenset({DESK}), actor=manager)

    assert (user.email, user.password) == ("noa@example.org", None)
    assert staff.roles_of(user) == {DESK}
    assert mails(MessageKind.RESET) == ["noa@example.org"]


@pytest.mark.parametrize("roles", [set(), {PHYSICIAN}, {Role.PATIENT}])
def test_somebody_new_is_no_physician_yet_and_no_patient(cast, manager, roles):
    with pytest.raises(staff.NotGiven):
        staff.add("Noa Lind", "noa@example.org", frozenset(roles), actor=manager)


NEWCOMER = Newcomer("Dr Bea Lund", "", {})


def test_two_managers_who_make_somebody_bookable_at_once_make_one_physician(cast, manager):
    db.session.commit()

    def press() -> str:
        return staff.make_bookable(db.session.merge(cast.bea), NEWCOMER, actor=TESTER).name

    assert sorted(together(press, press)) == ["Dr Bea Lund", "IsPhysician"]
    assert staff.roles_of(cast.bea) == {DESK, PHYSICIAN}


def test_a_new_physician_has_the_colour_that_the_fewest_have(cast, manager):
    first = staff.add_physician(NEWCOMER, "one@example.org", actor=manager)
    second = staff.add_physician(NEWCOMER, "two@example.org", actor=manager)

    assert (cast.ana.colour, cast.eli.colour, first.colour, second.colour) == (1, 2, 3, 1)


def test_an_address_that_signs_in_already_makes_no_physician(cast, manager):
    with pytest.raises(AddressHasAccount):
        staff.add_physician(NEWCOMER, cast.bea.email.upper(), actor=manager)

    assert cast.bea.practitioner is None


def test_an_address_that_signs_in_already_makes_no_second_account(cast, manager):
    with pytest.raises(AddressHasAccount):
        staff.add("Bea Twin", cast.bea.email.upper(), frozenset({DESK}), actor=manager)
