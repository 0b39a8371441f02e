"""The permission table read as a table, and what the desk, the manager and the mails may show.

Shows S1, S4 and S6 of the security checklist.
"""

from __future__ import annotations

import re
from dataclasses import fields
from email.message import EmailMessage

import pytest
from flask import Flask
from werkzeug.routing import Rule

from clinic.database import db
from clinic.door import guard_of
from clinic.emergency.queries import Opened
from clinic.frontdesk.queries import Line
from clinic.frontdesk.readiness import Chip
from clinic.intake.questionnaire import CURRENT
from clinic.journey import change_profile
from clinic.notices import letters
from clinic.notices.models import Message, MessageKind
from clinic.paper.queries import Entry
from clinic.permissions import FIELDS, GRANTS, Actor, Permission, Role, readable, system, words
from clinic.records.queries import approval_view, contact_view, decision_view
from clinic.scheduling import outside
from clinic.screening.models import Decision
from clinic.screening.queries import Waiting
from clinic.screening.rules import Topic
from clinic.staff.queries import account_view
from clinic.treatment import queries as treatment
from clinic.treatment.standing import DeskApproval
from clinic.waitlist.queries import OfferLine, WishLine
from tests import factories, walk
from tests.factories import at
from tests.full_record import CLINICAL, KINDS, TYPED, FullRecord, found_in

P = Permission

# What lets somebody read what a patient told a physician, or what a physician found.
READS_CLINICAL = frozenset(
    {
        P.OWN_RECORD_READ,
        P.OWN_RECORD_WRITE,
        P.MY_DAY_READ,
        P.REVIEW_QUEUE_READ,
        P.SAFETY_ALERT_TAKE,
        P.RECORD_READ,
        P.NOTE_WRITE,
        P.NOTE_SIGN,
        P.VISIT_FINISH,
        P.EMERGENCY_OPEN,
    }
)
DESK = frozenset(
    {
        P.DAY_SHEET_READ,
        P.PATIENT_FIND,
        P.PATIENT_ADD,
        P.PATIENT_CONTACT_WRITE,
        P.PATIENT_INVITE,
        P.TABLET_HAND_OVER,
        P.ACCOUNT_SECURE,
        P.VISIT_BOOK,
        P.VISIT_CHANGE,
        P.VISIT_CHECK_IN,
        P.VISIT_CANCEL,
        P.ABSENCE_ON_SHORT_NOTICE,
        P.WAITLIST_READ,
        P.WAITLIST_WRITE,
        P.NUMBERS_READ,
        P.SITE_CHOOSE,
    }
)
OWN_VISITS = frozenset(
    {
        P.OWN_VISITS_READ,
        P.OWN_VISITS_BOOK,
        P.OWN_VISITS_MOVE,
        P.OWN_VISITS_CANCEL,
        P.OWN_WAITLIST_WRITE,
    }
)
OWN_RECORD = frozenset(
    {P.OWN_RECORD_READ, P.OWN_RECORD_WRITE, P.OWN_READERS_READ, P.OWN_CONTACT_WRITE}
)
MANAGER = frozenset(
    {
        P.CLINIC_READ,
        P.ROSTER_WRITE,
        P.ABSENCE_ON_SHORT_NOTICE,
        P.STAFF_WRITE,
        P.PATIENT_MERGE,
        P.EMERGENCY_READ,
        P.AUDIT_READ,
        P.AUDIT_EXPORT,
        P.NUMBERS_READ,
        P.ACCOUNT_SECURE,
        P.SITE_CHOOSE,
    }
)
PHYSICIAN = frozenset(
    {
        P.MY_DAY_READ,
        P.REVIEW_QUEUE_READ,
        P.SAFETY_ALERT_TAKE,
        P.RECORD_READ,
        P.NOTE_WRITE,
        P.NOTE_SIGN,
        P.VISIT_FINISH,
        P.VISIT_BOOK,
        P.VISIT_CHANGE,
        P.EMERGENCY_OPEN,
        P.ACCOUNT_SECURE,
        P.SITE_CHOOSE,
    }
)

GRANTED = {
    Role.TABLET: frozenset({P.TABLET_ANSWER}),
    Role.PHONE: frozenset({P.ARRIVAL_ANSWER}),
    Role.CODE: OWN_VISITS | OWN_RECORD | {P.ACCOUNT_MAKE},
    Role.PATIENT: OWN_VISITS | OWN_RECORD | {P.ACCOUNT_SECURE},
    Role.FRONT_DESK: DESK,
    Role.PHYSICIAN: PHYSICIAN,
    Role.MANAGER: MANAGER,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_holds_these_permissions_and_no_others(role):
    assert GRANTS[role] == GRANTED[role]


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MANAGER])
def test_desk_and_manager_hold_no_permission_that_reads_clinical_content(role):
    assert not GRANTS[role] & READS_CLINICAL


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER])
def test_no_staff_role_opens_anybodys_visits_as_their_own(role):
    assert not GRANTS[role] & (OWN_VISITS | OWN_RECORD)


@pytest.mark.parametrize(
    ("resource", "fields"),
    [("approval", {"modalities", "valid_until"}), ("refusal", {"desk_word"})],
)
def test_the_desk_reads_yes_or_no_and_never_an_area_or_a_reason(resource, fields):
    assert readable(resource, frozenset({Role.FRONT_DESK})) == fields


# What a manager reads anything of: accounts, what was done, why a record was opened, which visits
# nobody can keep, what other rules of the country change, and which two records are one person's.
MANAGED = {
    "record to merge",
    "staff account",
    "audit",
    "emergency access",
    "visit outside",
    "approval touched",
    "visit touched",
}


@pytest.mark.parametrize("resource", sorted(set(FIELDS) - MANAGED))
def test_a_manager_reads_no_field_of_any_record(resource):
    assert readable(resource, frozenset({Role.MANAGER})) == frozenset()


@pytest.mark.parametrize(
    ("resource", "role", "shown"),
    [
        ("appointment", Role.FRONT_DESK, Line),
        ("approval", Role.FRONT_DESK, DeskApproval),
        ("readiness", Role.FRONT_DESK, Chip),
        ("waiting form", Role.PHYSICIAN, Waiting),
        ("emergency access", Role.MANAGER, Opened),
        ("visit outside", Role.MANAGER, outside.Line),
        ("approval touched", Role.MANAGER, change_profile.ApprovalLine),
        ("visit touched", Role.MANAGER, change_profile.VisitLine),
        ("visit outside", Role.FRONT_DESK, outside.Line),
        ("wish", Role.FRONT_DESK, WishLine),
        ("offer", Role.FRONT_DESK, OfferLine),
        ("visit on paper", Role.FRONT_DESK, Entry),
    ],
)
def test_S4_a_line_of_a_list_holds_the_fields_of_its_role_and_no_others(resource, role, shown):
    addresses = {"public_id", "appointment_id", "patient_id"}  # random, for links
    names = set(getattr(shown, "_fields", ())) or {field.name for field in fields(shown)}

    assert names - addresses == readable(resource, frozenset({role}))


@pytest.mark.parametrize("role", Role)
def test_S4_what_a_page_is_given_holds_only_the_fields_of_its_role(cast, role):
    roles = frozenset({role})
    note = factories.make_approval(cast)
    somebody = Actor("somebody", roles=roles)

    given = {
        "patient": contact_view(cast.cal, somebody),
        "note": decision_view(note, somebody),
        "staff account": account_view(cast.bea, somebody),
    }

    for resource, view in given.items():
        assert set(view) <= readable(resource, roles)
    assert {name for name, view in given.items() if not view} == {
        name for name in given if not readable(name, roles)
    }


def test_S1_every_permission_and_role_is_read_aloud_in_words():
    assert set(words.MAY) == set(Permission)
    assert set(words.WHO) == set(Role)


def test_S1_the_command_says_who_may_do_what_one_line_each(app):
    lines = app.test_cli_runner().invoke(args=["permissions"]).output.splitlines()
    desk = lines.index("The front desk")
    of_desk = lines[desk + 1 : lines.index("A physician")]

    assert len([line for line in of_desk if line.startswith("  may ")]) == len(DESK)
    assert "  may see the calendar: names, times, services, rooms; nothing clinical" in of_desk
    assert "  reads of each approval: modalities, valid until" in of_desk


@pytest.mark.parametrize("resource", FIELDS)
def test_somebody_without_a_role_reads_no_field(resource):
    assert readable(resource, frozenset()) == frozenset()


def test_somebody_with_two_roles_reads_what_either_may_read():
    both = readable("approval", frozenset({Role.FRONT_DESK, Role.PATIENT}))

    assert both == FIELDS["approval"][Role.FRONT_DESK] | FIELDS["approval"][Role.PATIENT]


def test_somebody_with_two_roles_may_do_what_either_may_do():
    both = Actor(label="both", roles=frozenset({Role.FRONT_DESK, Role.MANAGER}))

    assert [p for p in Permission if both.may(p)] == [
        p for p in Permission if p in GRANTS[Role.FRONT_DESK] | GRANTS[Role.MANAGER]
    ]


@pytest.mark.parametrize("permission", Permission)
def test_the_system_itself_may_do_nothing_at_a_door(permission):
    assert not system("worker").may(permission)


@pytest.mark.parametrize(
    ("actor", "opens"),
    [
        (Actor("nobody"), False),
        (Actor("by code, no account", patient_id=1), True),
        (Actor("by code, with account", patient_id=1, has_account=True), False),
        (Actor("signed in", patient_id=1, user_id=7, has_account=True), True),
        (Actor("staff", user_id=7, has_account=True), False),
    ],
    ids=lambda value: getattr(value, "label", ""),
)
def test_a_code_opens_the_whole_record_only_where_there_is_no_account(actor, opens):
    assert actor.opens_own_record is opens


@pytest.mark.parametrize("role", Role)
def test_an_approval_shown_to_a_role_holds_only_the_fields_of_that_role(cast, role):
    approval = treatment.approvals_of(factories.make_approval(cast).patient_id)[0]

    view = approval_view(approval, Actor("somebody", roles=frozenset({role})))

    assert set(view) == readable("approval", frozenset({role}))


def shown_to(app: Flask, record: FullRecord, name: str) -> str:
    """All that the pages behind a permission show a kind of person of a full record, as one text.

    (test_doors looks at what anybody may open.)
    """
    kind = next(kind for kind in KINDS if kind.name == name)
    ids = [record.ids, {**record.ids, "visit": record.consultation.public_id}]
    behind = [rule for rule in walk.rules(app) if needs_permission(app, rule)]
    addresses = [walk.address(rule, some) for rule in behind for some in ids]
    days = ["/desk/?day=2026-11-24", "/desk/?day=2026-11-27&by=physician", "/desk/patients?q=cal"]
    person = kind.enter(app, record)
    return "\n".join(walk.ask(person, "GET", path).body for path in [*addresses, *days])


def needs_permission(app: Flask, rule: Rule) -> bool:
    guard = guard_of(app, rule.endpoint)
    return guard is not None and guard.permission is not None


AREA_NAMES = tuple(str(name) for name in CURRENT.area_names().values())
QUESTIONS = tuple(str(question.asked) for question in CURRENT.questions)
TOPICS = tuple(topic.value for topic in Topic)
LEVELS_AND_RATINGS = ("Absolute", "Caution", "Droop", "droop", "Flag")


def whole_words(text: str, wanted: tuple[str, ...]) -> list[str]:
    return [word for word in wanted if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)]


@pytest.mark.parametrize(
    ("name", "reads"), [("front desk", "Cal Ortega"), ("manager", "Dr Ana Silva")]
)
def test_no_page_of_desk_or_manager_holds_anything_clinical_of_a_full_record(
    app, record, name, reads
):
    text = shown_to(app, record, name)

    assert reads in text
    assert found_in(text, CLINICAL) == []
    assert whole_words(text, (*AREA_NAMES, *QUESTIONS, *TOPICS, *LEVELS_AND_RATINGS)) == []


NOT_APPROVING = {
    Decision.ASK: (
        {"question": TYPED["question"]},
        ("Question to the patient", "A question to you"),
    ),
    Decision.DEFER: (
        {"defer_words": TYPED["why"], "defer_until": "2027-03-01"},
        ("Deferred", "Not now"),
    ),
    Decision.DECLINE: ({"decline_words": TYPED["why"]}, ("Declined", "Not approved")),
    Decision.REFER: (
        {"refer_words": TYPED["why"], "refer_to": TYPED["text"]},
        ("Referred", "A specialist first"),
    ),
}


@pytest.mark.parametrize("decision", NOT_APPROVING)
def test_the_desk_reads_no_word_of_a_decision_that_does_not_approve(cast, signed_in, decision):
    typed, words_of = NOT_APPROVING[decision]
    factories.make_intake(cast.cal)
    visit = factories.make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 11))
    factories.sign(visit, cast.ana_user, cast.ana, decision, private=TYPED["private"], **typed)
    bea = signed_in(cast.bea)

    shown = [
        bea.get(path).html
        for path in (
            "/desk/",
            f"/desk/visits/{visit.public_id}",
            f"/desk/patients/{cast.cal.public_id}",
            f"/patients/{cast.cal.public_id}/book/{cast.service('toxin').public_id}",
        )
    ]

    assert found_in("\n".join(shown), [*words_of, *TYPED.values()]) == []


def test_the_desk_reads_its_own_words_of_a_refusal_and_not_the_reason(cast, signed_in):
    address = f"/patients/{cast.cal.public_id}/book/{cast.service('toxin').public_id}"

    page = signed_in(cast.bea).get(address)

    assert "Needs consultation" in page.text
    assert "A physician has not approved this treatment" not in page.text


def written(message: Message) -> EmailMessage:
    mail = letters.write(message)
    assert isinstance(mail, EmailMessage)
    return mail


def test_no_mail_of_a_full_record_names_anything_clinical(record):
    mails = [written(message) for message in db.session.scalars(db.select(Message))]
    parts = [
        part.get_content() for mail in mails for part in mail.walk() if not part.is_multipart()
    ]
    heads = [f"{name}: {value}" for mail in mails for name, value in mail.items()]
    text = "\n".join([*heads, *(p if isinstance(p, str) else p.decode() for p in parts)])

    assert {message.kind for message in db.session.scalars(db.select(Message))} == {
        MessageKind.BOOKED,
        MessageKind.DECIDED,
        MessageKind.OFFER,
        MessageKind.QUESTION,
    }
    services = tuple(record.cast.service(kind).name for kind in ("consultation", "toxin"))
    assert found_in(text, CLINICAL) == []
    assert whole_words(text, (*AREA_NAMES, *TOPICS, *services, "Botox", "botulinum")) == []
