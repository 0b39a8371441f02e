"""Finding a patient in a database: keys that follow whoever writes, and how much a look reads."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.accounts import contact, finding, lookup
from clinic.accounts.finding import Identity, keys_of
from clinic.accounts.models import PatientKey
from clinic.accounts.models.keys import identity_of
from clinic.database import db, transaction
from tests.factories import make_patient, staff_actor
from tests.statements import statements

MAYA = {"name": "Maya Lindqvist", "born_on": date(1990, 11, 24), "email": "maya@example.org"}


def keys_kept(patient):
    rows = db.session.execute(
        db.select(PatientKey.kind, PatientKey.key).filter_by(patient_id=patient.id)
    )
    return {tuple(row) for row in rows}


def names(typed):
    return [one.name for one in lookup.found(finding.wanted(typed)).shown]


def by_contact(patient, cast):
    wanted = {"name": "Maja Lind", "phone": "020 7946 0777", "email": "maja@example.org"}
    shown = contact.fingerprint(patient)
    contact.change(patient, wanted, shown=shown, actor=staff_actor(cast.bea))


def by_correction(patient, _cast):
    with transaction():
        patient.born_on = date(1990, 11, 25)


@pytest.mark.parametrize("change", [by_contact, by_correction])
def test_keys_follow_whoever_changes_a_patient(cast, change):
    patient = make_patient(**MAYA)
    before = keys_kept(patient)

    change(patient, cast)

    assert before == keys_of(Identity(**MAYA, phone="020 7946 0555"))
    assert keys_kept(patient) == keys_of(identity_of(patient)) != before


def test_keys_are_left_alone_by_what_is_no_part_of_them(cast):
    with statements() as sent, transaction():
        cast.dee.possible_duplicate_of_id = cast.cal.id

    assert [s for s in sent if "patient_key" in s] == []


def test_a_record_that_was_not_stored_leaves_no_key(cast):
    class StopHereError(Exception):
        pass

    with pytest.raises(StopHereError), transaction():
        make_patient(**MAYA)
        raise StopHereError

    assert names("lindqvist") == []


def test_exact_names_come_first_however_many_begin_alike(app):
    for number in range(120):
        make_patient(name=f"Annabel {number:03}", email=None, phone=None)
    make_patient(name="Zed Anna", email=None, phone=None)

    hits = lookup.found(finding.wanted("anna"))

    assert hits.shown[0].name == "Zed Anna"
    assert (len(hits.shown), hits.more, hits.is_open) == (50, 50, True)


def test_those_with_a_slip_come_last_and_only_where_few_fit(app):
    for name in ("Ruth Cole", "Ruth Colley", "Ruth Cobe"):
        make_patient(name=name, email=None, phone=None)

    assert names("cole ruth") == ["Ruth Cole", "Ruth Cobe"]
    assert names("col") == ["Ruth Cole", "Ruth Colley"]


def test_who_may_be_known_is_born_on_the_same_day(app):
    make_patient(**MAYA)
    make_patient(**{**MAYA, "born_on": date(1990, 11, 25)})

    found = lookup.doubles(Identity("lindkvist maya", MAYA["born_on"]))

    assert [one.born_on for one in found] == [MAYA["born_on"]]
