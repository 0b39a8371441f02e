"""The manager's view of the audit log and its export.

Shows S5, S16, S32 and S50 of the security checklist.
"""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy.exc import IntegrityError

from clinic.audit import queries, views
from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.audit.services import record, record_each
from clinic.audit.words import GROUPS, TO_PATIENT, WORDS
from clinic.database import db
from clinic.door import guard_of
from tests.factories import TESTER, Cast, at, make_patient, staff_actor
from tests.full_record import CLINICAL, found_in, make_full_record
from tests.statements import statements
from tests.visitor import Page, Person

LOG = "/manage/audit"


@pytest.fixture
def max_(cast, signed_in) -> Person:
    return signed_in(cast.max)


@pytest.fixture
def happened(cast, travel) -> Cast:
    """On three days: Ana opens Cal's record, Bea cancels a visit of Dee, somebody is refused."""
    travel(at(21, 10, 15))
    record(Event.RECORD_VIEWED, actor=staff_actor(cast.ana_user), patient_id=cast.cal.id)
    travel(at(22, 23, 30))
    record(
        Event.APPOINTMENT_CANCELLED,
        actor=staff_actor(cast.bea),
        patient_id=cast.dee.id,
        reason="ill",
    )
    travel(at(23, 8))
    record(Event.SIGN_IN_REFUSED, actor=TESTER, result="refused")
    travel(at(24, 9))
    return cast


def all_lines(page: Page) -> list[str]:
    found = page.root.iter("{http://www.w3.org/1999/xhtml}tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in found][1:]


def lines(page: Page) -> list[str]:
    """The table's lines without the manager's own looks, which add to it."""
    return [line for line in all_lines(page) if "looked at this log" not in line]


# Words.


@pytest.mark.parametrize("event", Event)
def test_every_event_has_words_in_exactly_one_group(event):
    assert sum(event in words for _name, words in GROUPS.values()) == 1
    assert str(WORDS[event])


def test_what_a_patient_is_told_are_events_of_the_log():
    assert set(TO_PATIENT) <= set(WORDS)


# The page.


def test_the_log_says_who_did_what_to_whose_record_and_when(happened, max_):
    page = max_.get(f"{LOG}?until=2026-11-23&since=2026-11-21")

    assert lines(page) == [
        "23 November 2026, 8:00 am The system (test) was refused at signing in Refused",
        "22 November 2026, 11:30 pm Bea Lund Front desk cancelled a visit"
        " Dee Novak born 2 March 1990 Done",
        "21 November 2026, 10:15 am Dr Ana Silva Physician opened the record"
        " Cal Ortega born 2 March 1990 Done",
    ]


def test_nobody_is_shown_by_a_label_or_a_number(happened, max_):
    page = max_.get(LOG)

    assert "user:" not in page.text
    assert happened.ana_user.public_id not in page.text


def test_the_newest_line_is_the_look_itself(happened, max_):
    newest_line = all_lines(max_.get(LOG))[0]

    assert "Max Meyer Manager looked at this log" in newest_line


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("about=looks", ["opened the record"]),
        ("about=visits", ["cancelled a visit"]),
        ("person={bea}", ["cancelled a visit"]),
        ("result=refused", ["was refused at signing in"]),
        ("since=2026-11-22&until=2026-11-22", ["cancelled a visit"]),
        ("until=2026-11-21", ["opened the record"]),
        ("about=visits&person={ana}", []),
    ],
)
def test_S5_a_filter_in_the_address_leaves_the_rest_out(happened, max_, asked, shown):
    ids = {"ana": happened.ana_user.public_id, "bea": happened.bea.public_id}

    found = lines(max_.get(f"{LOG}?{asked.format(**ids)}"))

    kept = [line for line in found if "24 November 2026, 9:0" not in line]  # of the arranging
    told = ("opened the record", "cancelled a visit", "was refused at signing in")
    assert [words for line in kept for words in told if words in line] == shown


def test_a_day_ends_at_midnight_of_the_site(happened, max_):
    assert "cancelled a visit" in max_.get(f"{LOG}?since=2026-11-22&until=2026-11-22").text
    assert "cancelled a visit" not in max_.get(f"{LOG}?since=2026-11-23").text


def test_nothing_that_fits_says_so_and_leads_back(happened, max_):
    page = max_.get(f"{LOG}?until=2020-01-01")

    assert "Nothing was written down that fits." in page.text
    assert lines(page.follow("Show everything"))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("since=yesterday", "That is not a date. Enter a day like 2026-11-24."),
        ("until=2026-02-30", "That is not a date. Enter a day like 2026-11-24."),
        ("since=0001-01-01", "That is not a date. Enter a day like 2026-11-24."),
        ("until=9999-12-31", "That is not a date. Enter a day like 2026-11-24."),
        ("since=2026-11-24&until=2026-11-23", "The last day is before the first."),
        ("about=actor", "Choose one of the list."),
        ("person=1", "Choose one of the list."),
        ("result=done'--", "Choose one of the list."),
    ],
)
def test_S5_a_filter_that_is_not_on_the_list_is_refused_with_words(happened, max_, asked, says):
    page = max_.get(f"{LOG}?{asked}", status=422)

    assert says in page.text
    assert lines(page) == []


def test_a_day_that_is_none_stays_in_the_form(happened, max_):
    page = max_.get(f"{LOG}?since=yesterday", status=422)

    typed = next(form for form in page.forms() if form.method == "get")
    assert dict(typed.fields)["since"] == "yesterday"


@pytest.mark.parametrize("asked", ["page=-1", "page=x", "page=99999999999", "seen=x", "seen=-5"])
def test_an_odd_number_of_a_page_is_no_error(happened, max_, asked):
    max_.get(f"{LOG}?{asked}")


def test_older_lines_are_on_the_next_page_whatever_is_written_meanwhile(
    happened, max_, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.log_page, "__kwdefaults__", {"size": 2})
    first = max_.get(f"{LOG}?until=2026-11-23&since=2026-11-21")
    record(Event.SIGNED_OUT, actor=TESTER)

    second = first.follow("Older")

    assert len(lines(first)) == 2
    assert ["opened the record" in line for line in lines(second)] == [True]
    assert lines(second.follow("Newer")) == lines(first)


def test_the_form_shows_what_the_log_is_filtered_by(happened, max_):
    page = max_.get(f"{LOG}?since=2026-11-21&about=visits")

    typed = next(form for form in page.forms() if form.method == "get")
    kept = {"since": "2026-11-21", "until": "", "about": "visits", "person": "", "result": ""}
    assert dict(typed.fields) == kept


def test_only_a_manager_has_the_link(cast, signed_in):
    assert "Audit log" in signed_in(cast.max).get("/manage/").links()
    assert "Audit log" not in signed_in(cast.bea).get("/desk/").links()


# The export.


def export(page: Page) -> list[dict[str, str]]:
    answer = page.form("Export").press()
    assert answer.response.mimetype == "text/csv"
    body = answer.response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def newest() -> AuditEvent:
    db.session.rollback()
    return db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_an_export_holds_the_lines_of_the_filter_and_is_written_down_with_it(happened, max_):
    exported = export(max_.get(f"{LOG}?about=visits&since=2026-11-20"))

    (line,) = exported
    assert line["When (UTC)"].startswith("2026-11-22T23:30:00")
    assert (line["Who"], line["What"]) == ("Bea Lund", "cancelled a visit")
    assert (line["Whose record"], line["Date of birth"]) == ("Dee Novak", "1990-03-02")
    row = newest()
    assert (row.event, row.actor) == (Event.AUDIT_EXPORTED, f"user:{happened.max.public_id}")
    assert row.facts == {"filters": {"about": "visits", "since": "2026-11-20"}, "rows": 1}


def test_an_export_of_several_pages_holds_each_line_once(happened, max_, monkeypatch):
    monkeypatch.setattr(queries, "LARGE_PAGE", 2)

    exported = export(max_.get(LOG))

    assert len(exported) == newest().facts["rows"]
    assert len({tuple(line.items()) for line in exported}) == len(exported)


def test_S32_a_name_that_is_a_formula_is_no_formula_in_the_export(cast, max_):
    make_patient(name="=HYPERLINK(1)", email="formula@example.org")

    exported = export(max_.get(LOG))

    assert "'=HYPERLINK(1)" in {line["Whose record"] for line in exported}
    assert "=HYPERLINK(1)" not in {line["Whose record"] for line in exported}


def test_S16_an_export_asks_for_the_password_again(app):
    guard = guard_of(app, "audit.export")

    assert guard is not None
    assert guard.fresh


def test_an_export_of_too_many_lines_is_refused_with_the_way_on(happened, max_, monkeypatch):
    monkeypatch.setattr(views, "MOST_EXPORTED", 2)

    page = max_.get(LOG).form("Export").press(status=422)

    assert "a file holds at most 2. Choose fewer days and export again." in page.text
    assert newest().event != Event.AUDIT_EXPORTED


def test_S5_an_export_with_a_filter_that_is_not_on_the_list_is_refused(happened, max_):
    form = max_.get(f"{LOG}?about=visits").form("Export").set(about="everything")

    assert "Choose one of the list." in form.press(status=422).text


def test_S50_an_export_that_cannot_be_written_down_is_not_sent(app, happened, max_, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    form = max_.get(LOG).form("Export")
    monkeypatch.setattr(views.audit, "record", lambda *_args, **_facts: 1 // 0)

    answer = form.person.raw_post(form.action, form.fields)

    assert answer.status_code == 500
    assert "Cal Ortega" not in answer.get_data(as_text=True)


def test_nothing_clinical_of_a_full_record_is_in_the_log_or_its_export(app, cast, max_):
    make_full_record(cast)

    page = max_.get(LOG)
    exported = export(page)

    assert found_in(page.text, CLINICAL) == []
    assert found_in(repr(exported), (*CLINICAL, "toxin", "approve")) == []


def test_all_whom_a_list_shows_are_written_down_in_one_statement_and_in_its_order(app, cast):
    shown = [cast.dee, make_patient(name="Zoë “O’Neill”"), cast.cal]
    before = db.session.scalar(db.select(db.func.max(AuditEvent.id)))

    with statements() as sent:
        record_each(
            Event.DESK_VIEWED, [(p.id, f"patient:{p.public_id}") for p in shown], actor=TESTER
        )

    db.session.rollback()  # they were written beside what was read before
    lines = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.id > before).order_by(AuditEvent.id)
    ).all()
    assert len([one for one in sent if one.startswith("INSERT INTO audit_event")]) == 1
    assert [(line.patient_id, line.subject) for line in lines] == [
        (patient.id, f"patient:{patient.public_id}") for patient in shown
    ]
    assert {(line.event, line.actor, line.result, str(line.facts)) for line in lines} == {
        (Event.DESK_VIEWED, "system:test", "done", "{}")
    }


def test_a_line_alone_is_there_for_others_at_once_and_one_that_is_refused_is_not(app, cast):
    def lines():
        with db.engine.connect() as other:
            return other.scalar(db.select(db.func.count()).select_from(AuditEvent))

    before = lines()
    record(Event.DESK_VIEWED, actor=TESTER)
    with pytest.raises(IntegrityError):
        record(Event.DESK_VIEWED, actor=TESTER, patient_id=999_999)

    assert lines() == before + 1
    record(Event.DESK_VIEWED, actor=TESTER)
    assert lines() == before + 2
