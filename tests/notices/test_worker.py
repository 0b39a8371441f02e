"""The worker with a real SMTP server: what is due goes out once, what fails is tried again."""

import os
import signal
from datetime import timedelta

from clinic import clock
from clinic.database import db, transaction
from clinic.journey import cancel
from clinic.notices import services, worker
from clinic.notices.models import Message, MessageKind
from tests import rush
from tests.factories import TESTER, at, make_visit
from tests.notices.post_office import free_port

TEN = tuple(f"patient{number}@example.org" for number in range(10))
MINUTES = (1, 2, 5, 10, 20, 40, 60, 102)


def test_a_due_message_goes_out_once_and_is_marked(office, queue_codes, states):
    queue_codes("kim@example.org")

    taken = [worker.work_once(), worker.work_once()]

    (mail,) = office.mails
    assert taken == [1, 0]
    assert (mail["To"], mail["Subject"]) == ("kim@example.org", "Your code: 204816")
    assert "204816" in mail.get_content()
    assert states() == {"kim@example.org": "sent"}
    assert db.session.scalar(db.select(Message.sent_at)) is not None


def test_M4_a_round_with_nothing_to_do_is_no_error(cast, office):
    assert worker.work_once() == 0


def test_M2_a_message_goes_out_at_its_time_and_not_before(cast, office, travel):
    due = at(24, 9, 30)
    services.queue(MessageKind.CODE, to="kim@example.org", params={"code": "1"}, due_at=due)

    travel(due - timedelta(seconds=5))
    before = worker.work_once()
    travel(due + timedelta(seconds=1))
    after = worker.work_once()

    assert (before, after) == (0, 1)


def test_M2_what_is_due_first_goes_out_first(cast, office, travel):
    for minute, address in ((30, "later@example.org"), (10, "sooner@example.org")):
        services.queue(MessageKind.CODE, to=address, params={"code": "1"}, due_at=at(24, 9, minute))
    travel(at(24, 10))

    worker.work_once()

    assert office.to == ["sooner@example.org", "later@example.org"]


def test_M1_a_visit_cancelled_before_its_confirmation_left_is_not_confirmed(cast, office, states):
    visit = make_visit(cast.cal, cast.ana, cast.service("consultation"), at(26, 11))
    cancel.by_patient(visit, actor=TESTER)

    worker.work_once()

    assert [mail["Subject"] for mail in office.mails] == [
        "Cancelled: your visit on Thu 26 November, 11:00 am"
    ]
    kinds = db.session.execute(db.select(Message.kind, Message.state).order_by(Message.id)).all()
    assert [tuple(row) for row in kinds] == [("booked", "dropped"), ("cancelled", "sent")]


def test_a_new_password_for_an_address_that_nobody_signs_in_with_is_dropped(cast, office, states):
    services.queue(MessageKind.RESET, to="nobody@example.org", params={})

    worker.work_once()

    assert (office.mails, states()) == ([], {"nobody@example.org": "dropped"})


# What fails.


def test_M5_an_address_that_is_refused_for_good_stops_no_other(office, queue_codes, states):
    office.answers["bad@example.org"] = "550 No such user"
    queue_codes("one@example.org", "bad@example.org", "two@example.org")

    worker.work_once()

    assert office.to == ["one@example.org", "two@example.org"]
    assert states()["bad@example.org"] == "failed"
    problem = db.select(Message.problem).where(Message.to == "bad@example.org")
    assert db.session.scalar(problem) == "refused with 550"


def test_M5_a_message_that_cannot_be_written_stops_no_other(office, queue_codes, states):
    poison, _sound = queue_codes("poison@example.org", "sound@example.org")
    with transaction():
        db.session.execute(
            db.update(Message).where(Message.public_id == poison).values(params_sealed=b"broken")
        )

    worker.work_once()

    assert office.to == ["sound@example.org"]
    assert states() == {"poison@example.org": "failed", "sound@example.org": "sent"}


def test_what_is_put_off_is_tried_again_after_growing_waits_and_given_up_at_last(
    office, queue_codes, states, travel
):
    office.answers["full@example.org"] = "452 Mailbox full"
    queue_codes("full@example.org")
    waits = [_wait_after_a_round(travel) for _round in MINUTES]

    last = worker.work_once()

    assert waits == [timedelta(minutes=m) for m in MINUTES]
    assert (last, states()) == (1, {"full@example.org": "failed"})


def _wait_after_a_round(travel):
    """Work once, jump to when the message is due again; how long that is, in whole minutes."""
    before = clock.now()
    worker.work_once()
    db.session.rollback()
    due = db.session.scalars(db.select(Message.due_at)).one()
    travel(due + timedelta(milliseconds=1))
    return timedelta(minutes=round((due - before) / timedelta(minutes=1)))


def test_a_message_that_is_put_off_is_not_tried_before_its_time_and_sent_in_the_end(
    office, queue_codes, states, travel
):
    office.answers["full@example.org"] = "452 Mailbox full"
    queue_codes("full@example.org")
    worker.work_once()
    office.answers.clear()

    travel(at(24, 9, 0) + timedelta(seconds=50))
    early = worker.work_once()
    travel(at(24, 9, 2))
    worker.work_once()

    assert (early, office.to) == (0, ["full@example.org"])
    assert states() == {"full@example.org": "sent"}


def test_a_server_that_is_away_loses_nothing(app, office, queue_codes, states, travel, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    queue_codes("kim@example.org", "lee@example.org")
    worker.work_once()
    away = states()

    monkeypatch.setitem(app.config, "SMTP_URL", office.url)
    travel(at(24, 9, 2))
    worker.work_once()

    assert set(away.values()) == {"retry"}
    assert office.to == ["kim@example.org", "lee@example.org"]


def test_a_name_and_password_in_the_address_sign_in(app, office, queue_codes, monkeypatch):
    signed = office.url.replace("smtp://", "smtp://desk%40halden:p%3Ass@")
    monkeypatch.setitem(app.config, "SMTP_URL", signed)
    queue_codes("kim@example.org")

    worker.work_once()

    assert office.logins == [(b"desk@halden", b"p:ss")]
    assert office.to == ["kim@example.org"]


def test_without_a_server_a_demo_marks_what_it_would_have_sent(cast, queue_codes, states):
    queue_codes("kim@example.org")

    worker.work_once()

    assert states() == {"kim@example.org": "sent"}


# Several workers, and workers that are killed.


def test_M3_race_of_four_workers_sends_each_message_once(office, queue_codes, states):
    queue_codes(*TEN)

    taken = rush.together(*[worker.work_once] * 4)

    assert sorted(office.to) == sorted(TEN)
    assert sum(map(int, taken)) == len(TEN)
    assert set(states().values()) == {"sent"}


def until_killed(count):
    """A worker killed right after its *count*th mail has left and before that is written down."""
    send, left = worker.send, iter(range(count, 0, -1))

    def send_and_die(url, mail):
        send(url, mail)
        if next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def work():
        worker.send = send_and_die
        return worker.work_once()

    return work


def test_M3_kill_in_the_middle_of_a_batch_repeats_one_mail_at_most_under_the_same_id(
    office, queue_codes, states, travel
):
    queue_codes(*TEN)

    said = rush.alone(until_killed(4))
    rush.wait_until_alone()
    before = list(office.to)
    worker.work_once()  # the next worker: all but the one that is leased
    travel(at(24, 9, 3))
    worker.work_once()

    ids = [mail["Message-ID"] for mail in office.mails]
    assert (said, before) == (rush.KILLED, list(TEN[:4]))
    assert sorted(set(office.to)) == sorted(TEN)
    assert len(ids) == len(TEN) + 1
    assert len(set(ids)) == len(TEN)
    assert set(states().values()) == {"sent"}


def test_M3_kill_before_a_mail_has_left_repeats_none(office, queue_codes, states, travel):
    queue_codes(*TEN)

    def claim_and_die():
        rush.die_after_commit_of("UPDATE message")
        worker.work_once()

    said = rush.alone(claim_and_die)
    rush.wait_until_alone()
    worker.work_once()
    travel(at(24, 9, 3))
    worker.work_once()

    assert said == rush.KILLED
    assert sorted(office.to) == sorted(TEN)
    assert set(states().values()) == {"sent"}


def test_a_message_that_another_worker_has_taken_is_left_alone_until_its_lease_is_over(
    office, queue_codes, travel
):
    (message,) = queue_codes("kim@example.org")
    worker._claim(db.session.scalar(db.select(Message.id).filter_by(public_id=message)))

    meanwhile = worker.work_once()
    travel(at(24, 9, 3))
    later = worker.work_once()

    assert (meanwhile, later, len(office.mails)) == (0, 1, 1)
