"""On the desk's tablet: what has changed is ticked, asked alone, and sent with all the rest."""

from dataclasses import replace

from clinic.database import db, transaction
from clinic.intake import queries as intake_queries
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.questionnaire import CURRENT
from clinic.journey import submit
from clinic.screening.models import Flag
from clinic.treatment import queries as treatment
from clinic.treatment.models import Approval
from clinic.treatment.rules import ApprovalState
from tests.factories import ANSWERS, TESTER, make_visitor
from tests.full_record import CLINICAL, found_in
from tests.intake.form import ticks_of, without_ticks


def tick(tablet, *topics):
    form = tablet.get("/tablet/changed").form("Something has changed")
    return form.set(changed=list(topics)).press("Something has changed")


def forms():
    db.session.rollback()
    return db.session.scalars(db.select(Intake).order_by(Intake.id)).all()


def test_one_tick_asks_one_question_and_the_form_is_whole(tablet):
    asked = tick(tablet, "dental-work")
    look = asked.form("Continue").set(dental_work="yes").press("Continue")
    thanks = look.form("Send my form").press("Send my form")
    before, now = forms()

    assert asked.heading == "Medicines and past treatments"
    assert asked.text.count("Not sure") == 1
    assert "Step 1 of 1" in asked.text
    assert look.heading == "Check and send your form"
    assert thanks.heading == "Thank you"
    assert now.submitted_at is not None
    was, said = before.document, now.document
    assert said["answers"].pop("dental-work")["value"] == "yes"
    assert was["answers"].pop("dental-work")["value"] == "no"
    assert said["answers"] == was["answers"]
    assert {part: said.get(part) for part in ("concerns", "words", "distress")} == {
        part: was.get(part) for part in ("concerns", "words", "distress")
    }
    assert "only" not in said


def test_what_changed_is_read_by_the_rules_and_pauses_the_approval(tablet, visit):
    told = tick(tablet, "pregnancy").form("Continue").set(pregnancy="yes").press("Continue")
    told.follow("Go on with the form").form("Send my form").press("Send my form")

    flags = db.session.scalars(db.select(Flag).where(Flag.intake_id == forms()[-1].id)).all()
    assert "pregnancy" in {flag.body["topic"] for flag in flags}
    approval = db.session.get(Approval, visit.approval_id)
    assert treatment.state_of(approval) == ApprovalState.SUSPENDED


def test_no_earlier_answer_is_shown_on_the_way(tablet):
    list_of_all = tablet.get("/tablet/changed")
    asked = tick(tablet, "blood-thinners")
    look = asked.form("Continue").set(blood_thinners="no").press("Continue")

    assert " checked" not in ticks_of(list_of_all)
    assert found_in(without_ticks(list_of_all), CLINICAL) == []
    assert " checked" not in asked.html
    assert found_in(look.html, ("I look cross", "Forehead", "glabella")) == []


def test_section_g_is_asked_whole(tablet):
    asked = tick(tablet, "distress")

    assert "Do you feel unsafe at the moment" in asked.text
    assert "Is there an important event" not in asked.text


def test_other_pages_of_the_form_are_not_there(tablet):
    asked = tick(tablet, "dental-work")
    address = asked.path.rsplit("/", 1)[0]

    tablet.get(f"{address}/health", status=404)
    tablet.get(f"{address}/where", status=404)


def test_ticked_anew_without_a_tick_the_whole_form_opens(tablet):
    tick(tablet, "dental-work")

    assert tick(tablet).heading == "Your health"


def test_a_form_sent_meanwhile_fills_the_rest(tablet, cast):
    look = tick(tablet, "dental-work").form("Continue").set(dental_work="yes").press("Continue")
    another = intakes.start_on_tablet(cast.cal, make_visitor(), actor=TESTER)
    answers = {**ANSWERS["answers"], "dry-eye": {"value": "yes"}}
    intakes.save(another, "all", {**ANSWERS, "answers": answers}, actor=TESTER)
    submit.intake(another, cast.cal, actor=TESTER)
    look.form("Send my form").press("Send my form")

    said = forms()[1].document["answers"]
    assert (said["dental-work"]["value"], said["dry-eye"]["value"]) == ("yes", "yes")


def test_a_form_of_an_older_version_can_not_fill_it(tablet, monkeypatch):
    monkeypatch.setattr(intake_queries, "CURRENT", replace(CURRENT, version="2027.1"))

    page = tablet.get("/tablet/changed")
    assert "changed-hint" not in page.html
    opened = page.form("Something has changed").press("Something has changed")
    assert opened.heading == "Your health"


def test_where_the_versions_part_meanwhile_everything_is_asked_and_nothing_lost(tablet):
    look = tick(tablet, "cold-sores").form("Continue").set(cold_sores="no").press("Continue")
    with transaction():
        forms()[-1].questionnaire_version = "2026.1"

    opened = look.form("Send my form").press("Send my form")

    assert opened.heading == "Your health"
    assert forms()[-1].submitted_at is None
    assert forms()[-1].document["answers"]["cold-sores"]["value"] == "no"


def test_at_home_what_was_begun_here_is_the_whole_form_with_its_answers(tablet, cast):
    asked = tick(tablet, "dental-work").form("Continue").set(dental_work="yes")
    asked.press("Stop and give the tablet back")

    draft = intakes.start_for(cast.cal, actor=TESTER)

    said = draft.document["answers"]
    assert (said["dental-work"]["value"], said["dry-eye"]["value"]) == ("yes", "no")
    assert intake_queries.unfinished_pages(draft) == []


def test_what_is_gone_on_with_at_home_is_shown_on_the_tablet_no_longer(tablet, cast):
    asked = tick(tablet, "dental-work")
    intakes.start_for(cast.cal, actor=TESTER)  # from now on it holds every answer

    assert tablet.get(asked.path).heading == "Thank you"


def test_what_was_answered_before_other_ticks_is_looked_over_too(tablet):
    told = tick(tablet, "pregnancy").form("Continue").set(pregnancy="yes").press("Continue")
    assert told.heading == "What this means for treatment"

    asked = tick(tablet, "dental-work")
    assert asked.path.endswith("/medicines")
    look = asked.form("Continue").set(dental_work="no").press("Continue")

    assert "Are you pregnant, or might you be?" in look.text


def test_ticks_alone_leave_no_form_behind(tablet):
    asked = tick(tablet, "dental-work")
    asked.form("Continue").press("Stop and give the tablet back")

    assert [one.submitted_at is not None for one in forms()] == [True]


def test_what_is_no_question_is_refused(tablet):
    form = tablet.get("/tablet/changed").form("Something has changed")

    form.put("changed", "height").press("Something has changed", status=422)


def test_a_tick_and_nothing_has_changed_contradict_each_other(tablet):
    form = tablet.get("/tablet/changed").form("Nothing has changed")
    page = form.set(changed=["dental-work"]).press("Nothing has changed", status=422)

    assert "You ticked something." in page.text
    assert 'value="dental-work" id="changed-2-9" checked' in page.html
    assert len(forms()) == 2


def test_two_presses_at_one_moment_send_it_once(tablet, monkeypatch):
    look = tick(tablet, "dental-work").form("Continue").set(dental_work="no").press("Continue")
    send = submit.intake

    def twice(draft, patient, *, actor):
        send(draft, patient, actor=actor)
        return send(draft, patient, actor=actor)  # it had read the draft before it was sent

    monkeypatch.setattr(submit, "intake", twice)

    assert look.form("Send my form").press("Send my form").heading == "Thank you"
    assert [one.submitted_at is not None for one in forms()] == [True, True]


def test_a_page_saved_at_the_moment_of_sending_says_that_it_is_sent(tablet, monkeypatch):
    asked = tick(tablet, "dental-work").form("Continue").set(dental_work="no")

    def too_late(*_told, **_more):
        raise intakes.AlreadySent

    monkeypatch.setattr(intakes, "save", too_late)

    asked.press("Continue", status=410)
