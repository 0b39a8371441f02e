"""Real processes: two managers of every site who limit each other at one moment leave one."""

from __future__ import annotations

import pytest

from clinic.accounts import site_rights, staff
from clinic.accounts.models import RoleRow, User
from clinic.database import db
from clinic.permissions import Role
from tests.factories import staff_actor
from tests.rush import together

MANAGER = Role.MANAGER


@pytest.fixture
def managers(cast, two):
    """Max and Bea, each as they came: working at every site."""
    staff.change_roles(cast.bea, frozenset({MANAGER}), actor=staff_actor(cast.max))
    actors = staff_actor(cast.max), staff_actor(cast.bea)
    db.session.commit()
    return actors


def of_every_site() -> list[str]:
    db.session.rollback()
    wanted = db.select(User.name).where(
        User.active, User.roles.any(RoleRow.name == MANAGER), ~User.site_rights.any()
    )
    return list(db.session.scalars(wanted))


def test_two_managers_who_limit_each_other_leave_one_of_every_site(cast, two, managers):
    max_, bea = managers
    only = frozenset({two.mitte.id})

    outcomes = together(
        lambda: staff.change_sites(db.session.merge(cast.bea), only, actor=max_),
        lambda: staff.change_sites(db.session.merge(cast.max), only, actor=bea),
    )

    assert sorted(outcomes) == ["BeyondOwn", "None"]
    assert len(of_every_site()) == 1


@pytest.mark.parametrize(
    "other", [staff.shut_out, "takes the role"], ids=["shuts out", "takes the role"]
)
def test_a_limit_and_another_loss_at_one_moment_leave_one_of_every_site(cast, two, managers, other):
    max_, bea = managers
    only = frozenset({two.mitte.id})

    def lose():
        user = db.session.merge(cast.bea)
        if other == "takes the role":
            return staff.change_roles(user, frozenset({Role.FRONT_DESK}), actor=max_)
        return staff.shut_out(user, actor=max_)

    outcomes = together(
        lose, lambda: staff.change_sites(db.session.merge(cast.max), only, actor=bea)
    )

    assert sorted(outcomes) == ["LastManager", "None"]
    assert len(of_every_site()) == 1


def test_control_one_after_the_other_without_the_question_leaves_none(
    cast, two, managers, monkeypatch
):
    """What is asked under the lock is what keeps one: without it both go through."""
    max_, bea = managers
    only = frozenset({two.mitte.id})
    monkeypatch.setattr(staff, "_somebody_else_manages", lambda _user: True)
    monkeypatch.setattr(site_rights, "covers", lambda _own, _wanted: True)

    outcomes = together(
        lambda: staff.change_sites(db.session.merge(cast.bea), only, actor=max_),
        lambda: staff.change_sites(db.session.merge(cast.max), only, actor=bea),
    )

    assert outcomes == ["None", "None"]
    assert of_every_site() == []


def test_two_tabs_that_choose_at_one_moment_leave_one_choice(cast, two, managers):
    _max, bea = managers

    outcomes = together(
        lambda: site_rights.choose(two.mitte.id, actor=bea),
        lambda: site_rights.choose(two.halden.id, actor=bea),
    )

    assert outcomes == ["None", "None"]
