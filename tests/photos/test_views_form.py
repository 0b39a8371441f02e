"""The page of the form on which photos are added, replaced, removed or skipped."""

from __future__ import annotations

import logging
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from clinic.audit.events import Event
from clinic.audit.models import AuditEvent
from clinic.config import FIXED, sqlite_file
from clinic.database import db
from clinic.fields import ClinicRequest, longest_body
from clinic.intake import services as intakes
from clinic.intake.models import Intake
from clinic.intake.queries import unfinished_pages
from clinic.photos import queries
from clinic.photos.models import Photo
from clinic.photos.rules import Purpose, View
from tests.factories import TESTER, make_intake
from tests.full_record import by_code, on_tablet
from tests.newcomer import BORN, born
from tests.photos.form import ASSESSMENT, RECORD, TEACHING, send, shown
from tests.photos.test_pictures import tagged
from tests.pictures import add_photos, jpeg
from tests.test_sealed_record import as_stored
from tests.visitor import NS


@pytest.fixture
def page(cast, anyone):
    """A browser whose form has begun, and the address of its page of photos."""
    begun = anyone.get("/intake/birth").form("born_on-day").set(**born(BORN)).press()
    return anyone, f"{begun.path.rpartition('/')[0]}/photos"


def draft() -> Intake:
    db.session.rollback()
    return db.session.scalars(db.select(Intake)).one()


def kept() -> list[View]:
    return list(queries.photos_of(draft().id))


def test_nothing_is_ticked_or_asked_for_and_skipping_stands_beside_adding(page):
    person, path = page

    seen = person.get(path)

    form = seen.form("Add photos and go on")
    assert [value for name, value in form.fields if name == "purposes"] == []
    buttons = [b for b in seen.root.iter(f"{NS}button") if b.get("value") in ("next", "skip")]
    assert [b.get("class") for b in buttons] == ["btn", "btn"]
    cameras = [i for i in seen.root.iter(f"{NS}input") if i.get("type") == "file"]
    assert [(c.get("capture"), c.get("required")) for c in cameras] == [("user", None)] * 6


def test_photos_are_skipped_with_one_press(page):
    person, path = page

    after = person.get(path).form("Add").press("Go on without photos")

    assert after.heading == "In your own words"
    assert kept() == []


def test_several_photos_are_added_at_once_and_shown_when_one_comes_back(page):
    person, path = page

    response = send(person, path, {View.REST: jpeg(), View.SMILE: jpeg()}, (ASSESSMENT, RECORD))

    assert (response.status_code, response.location) == (303, path.replace("photos", "words"))
    assert kept() == [View.REST, View.SMILE]
    assert queries.purposes_of(draft().id) == {Purpose.ASSESSMENT, Purpose.RECORD}
    images = [image.get("alt") for image in person.get(path).root.iter(f"{NS}img")]
    assert images == ["Your photo: Face at rest", "Your photo: Smile"]


def test_what_is_refused_is_said_at_its_place_and_the_others_are_kept(page):
    person, path = page
    files = {View.REST: jpeg(), View.FROWN: b"\0\0\0\x18ftypheic", View.SMILE: b"<svg/>"}

    again = shown(person, send(person, path, files, (ASSESSMENT, TEACHING)))

    assert kept() == [View.REST]
    assert "Frown: This is an HEIC photo" in again.text
    assert "Smile: This is no JPEG, PNG or WebP photo" in again.text
    assert {"#photo-frown", "#photo-smile"} <= set(again.links().values())
    ticked = [value for name, value in again.form("Save").fields if name == "purposes"]
    assert ticked == ["assessment", "teaching"]


def test_without_a_yes_to_the_assessment_no_photo_is_taken_and_it_says_why(page):
    person, path = page

    again = shown(person, send(person, path, {View.REST: jpeg()}, (RECORD,)))

    assert "Tick that your physician may look at your photos, then choose them again" in again.text
    assert kept() == []
    assert queries.history(draft().id) == []


def test_a_yes_is_not_taken_back_under_photos_that_are_there(page):
    person, path = page
    send(person, path, {View.REST: jpeg()})

    again = shown(person, send(person, path, purposes=()))

    assert "or remove them first" in again.text
    assert queries.purposes_of(draft().id) == {Purpose.ASSESSMENT}


def test_the_last_photo_is_removed_together_with_the_yes(page):
    person, path = page
    send(person, path, {View.REST: jpeg()})

    response = send(person, path, purposes=(), remove="rest")

    assert (response.status_code, response.location) == (303, path)
    assert kept() == []
    assert queries.purposes_of(draft().id) == set()


def test_who_came_from_the_check_page_still_goes_back_to_it_after_removing(page):
    person, path = page
    send(person, path, {View.REST: jpeg()})

    response = send(person, f"{path}?then=check", remove="rest")

    assert response.location == f"{path}?then=check"


def test_one_photo_is_removed_while_another_is_added(page):
    person, path = page
    send(person, path, {View.REST: jpeg()})

    send(person, path, {View.SMILE: jpeg()}, remove="rest")

    assert kept() == [View.SMILE]


def test_a_photo_is_replaced_by_another_of_its_view(page):
    person, path = page
    send(person, path, {View.REST: jpeg((300, 300))})

    send(person, path, {View.REST: jpeg((400, 500))})

    assert [(p.width, p.height) for p in db.session.query(Photo)] == [(400, 500)]


def test_who_saves_and_leaves_keeps_the_photos(page):
    person, path = page

    response = send(person, path, {View.REST: jpeg()}, go="leave")

    assert response.location == path.replace("photos", "leave")
    assert kept() == [View.REST]


def test_the_page_may_be_passed_by_and_is_never_missing(page):
    person, path = page
    send(person, path)

    assert "photos" not in unfinished_pages(draft())


def test_a_form_sent_meanwhile_takes_no_photo(app, cast):
    form = make_intake(cast.cal)
    cal = by_code(app, cast.cal)
    newer = intakes.start_for(cast.cal, actor=TESTER)
    token = cal.get(f"/intake/{newer.public_id}/photos").form("Add").fields[0][1]

    response = cal.raw_post(f"/intake/{form.public_id}/photos", [("csrf_token", token)])

    assert response.status_code == 410


def test_earlier_photos_are_shown_as_sent_before_and_belong_to_no_new_form(app, cast):
    make_intake(cast.cal, add_photos)
    newer = intakes.start_for(cast.cal, actor=TESTER)
    path = f"/intake/{newer.public_id}/photos"

    at_home = by_code(app, cast.cal).get(path)

    assert "With your form of" in at_home.text
    assert kept_of(newer) == []


def kept_of(form: Intake) -> list[View]:
    db.session.rollback()
    return list(queries.photos_of(form.id))


def test_the_tablet_shows_its_own_photos_and_none_sent_before(app, cast):
    make_intake(cast.cal, add_photos)
    tablet = on_tablet(app, cast.cal, cast.bea)
    form = db.session.scalars(db.select(Intake).where(Intake.submitted_at.is_(None))).one()
    path = f"/intake/{form.public_id}/photos"

    send(tablet, path, {View.SMILE: jpeg()})
    seen = tablet.get(path)

    assert [image.get("alt") for image in seen.root.iter(f"{NS}img")] == ["Your photo: Smile"]
    assert "Sent before" not in seen.text
    small = next(image.get("src", "") for image in seen.root.iter(f"{NS}img"))
    assert tablet.send("GET", small).mimetype == "image/jpeg"


def test_a_form_left_alone_shows_no_photo_before_the_date_of_birth(page, travel, today):
    person, path = page
    send(person, path, {View.REST: jpeg()})
    small = next(image.get("src", "") for image in person.get(path).root.iter(f"{NS}img"))
    travel(today + timedelta(minutes=31))

    assert person.get(path).heading == "Go on with your form"
    assert person.send("GET", small).status_code == 404


# S33: how much may be sent.


class Unread:
    """A body of a length, of which nothing may be read."""

    def __init__(self, length: int) -> None:
        self.length, self.place = length, 0

    def seek(self, place: int, whence: int = 0) -> int:
        self.place = self.length if whence == 2 else place
        return self.place

    def tell(self) -> int:
        return self.place

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    def close(self) -> None:
        """As files have it."""


def post_unread(person, path, length):
    kind = "multipart/form-data; boundary=x"
    return person.send("POST", path, content_type=kind, input_stream=Unread(length))


def test_S33_a_form_of_photos_has_its_own_limit_and_says_so(page):
    person, path = page

    response = post_unread(person, path, FIXED["LONGEST_BODIES"]["intake.photos"] + 1)

    assert response.status_code == 413
    assert "One photo may have 10 MB" in response.text


def test_S33_a_photo_over_ten_megabytes_is_refused_in_words_and_the_other_is_kept(page):
    person, path = page
    files = {View.REST: jpeg() + bytes(10 * 1024 * 1024), View.SMILE: jpeg()}

    again = shown(person, send(person, path, files))

    assert "Face at rest: This photo has more than 10 MB" in again.text
    assert kept() == [View.SMILE]


@pytest.mark.parametrize("path", ["/intake/{id}/health", "/visits/open", "/intake/birth"])
def test_S33_no_other_form_takes_more_for_it(page, path):
    person, photos = page
    there = path.format(id=photos.split("/")[2])

    response = person.send(
        "POST", there, data={"csrf_token": "x" * 70_000}, content_type="multipart/form-data"
    )

    assert response.status_code == 413


def test_S33_who_does_not_own_the_form_is_turned_away_unread(page, app, cast):
    _person, path = page

    response = post_unread(by_code(app, cast.dee), path, 60_000_000)

    assert response.status_code == 404


# Nothing in the clear.

MARKER = b"quellenbrisk"


@pytest.fixture
def files_opened(monkeypatch, tmp_path):
    """Names of what is opened in the folder for temporary files, which is an empty one."""
    opened: list[str] = []
    real = os.open

    def noted(name, *more, **so):
        if str(name).startswith(str(tmp_path)):
            opened.append(str(name))
        return real(name, *more, **so)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "open", noted)
    return opened


# More than half a megabyte: the library would lay it down in a file.
MARKED = tagged() + MARKER * 100_000


def test_S34_a_photo_and_its_name_are_found_in_no_file_no_log_and_no_row(
    page, app, caplog, tmp_path, files_opened
):
    person, path = page
    caplog.set_level(logging.DEBUG)

    send(person, path, {View.REST: MARKED, View.SMILE: MARKER}, name="my quellenbrisk.jpg")

    assert kept() == [View.REST]
    assert files_opened == []
    assert list(tmp_path.iterdir()) == []
    assert MARKER.decode() not in caplog.text
    stored = _database(app)
    assert MARKER not in stored
    assert b"JFIF" not in stored  # nor what was made of it


def test_control_with_the_librarys_own_way_a_photo_lies_in_a_file(page, files_opened, monkeypatch):
    monkeypatch.delattr(ClinicRequest, "_get_file_stream")
    person, path = page

    send(person, path, {View.REST: MARKED})

    assert files_opened != []


def _database(app) -> bytes:
    """Every byte of the database: its files on SQLite, every value on PostgreSQL."""
    db.session.rollback()
    file = sqlite_file(app.config["SQLALCHEMY_DATABASE_URI"])
    files = [] if file is None else [p for p in Path(file).parent.iterdir() if file.name in p.name]
    return as_stored().encode() + b"".join(p.read_bytes() for p in files)


def test_each_photo_is_written_down_by_its_view_alone(page):
    person, path = page

    send(person, path, {View.REST: jpeg()}, (ASSESSMENT, RECORD))

    rows = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert [(r.event, r.facts) for r in rows if r.event.startswith("photo:")] == [
        (Event.PHOTO_CONSENT, {"purpose": "assessment", "said": "given"}),
        (Event.PHOTO_CONSENT, {"purpose": "record", "said": "given"}),
        (Event.PHOTO_ADDED, {"view": "rest"}),
    ]


def test_S33_the_server_in_front_knows_the_address_of_photos_and_no_other(app):
    longest = longest_body(app)
    photos = f"/intake/{'0' * 32}/photos"

    assert longest("POST", photos) == 6 * 10 * 1024**2 + 64 * 1024
    others = [("GET", photos), ("POST", photos.replace("photos", "where")), ("POST", "/intake")]
    assert [longest(*other) for other in others] == [64 * 1024] * 3
