"""What a visitor learns: the claims that must stand there, and those that must not."""

from __future__ import annotations

import re

import pytest

from clinic.accounts.models import Credential, CredentialKind, Practitioner
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.public.rules import TreatmentPage, pages_for
from clinic.scheduling import diary
from tests.factories import at, make_visit
from tests.statements import reads, statements
from tests.two_sites import make_mitte
from tests.visitor import NS, words

LEARN = {
    "/botox-or-filler": "Botox or filler?",
    "/why-a-consultation": "Why a consultation comes first",
    "/treatments": "Treatments and prices",
    "/treatments/lines": "Botox for lines",
    "/treatments/sweating": "Botox for sweating",
    "/treatments/filler": "Filler",
    "/treatments/combined": "Botox and filler",
    "/physicians": "Our physicians",
}
LAW = {"/privacy": "Privacy", "/terms": "Terms", "/complaints": "Complaints"}
PAGES = {**LEARN, **LAW}

# What no page may say: promises, praise, pressure; comments on looks or age.
FORBIDDEN = re.compile(
    r"guarantee|risk-free|painless|no risk|\bsafe\b|\bbest\b|amazing|perfect|younger|beautiful|"
    r"\bcures?\b|permanent(?:ly)? (?:gone|removed)|before and after|simply|\boops|\boffer ends\b|!",
    re.IGNORECASE,
)


def main(page):
    return words(page.root.find(f".//{NS}main"))


def primary(page):
    """The filled buttons of a page: words and address."""
    found = [a for a in page.root.iter(f"{NS}a") if "pri" in a.get("class", "").split()]
    return [(words(a), a.get("href")) for a in found]


# Each page.


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_a_page_has_its_heading_as_title_and_the_clinics_name(cast, anyone, path, heading):
    page = anyone.get(path)

    assert page.heading == heading
    assert words(page.root.find(f".//{NS}title")) == f"{heading} – Halden Clinic"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/complaints"])
def test_a_page_has_one_action_which_is_to_book_a_consultation(cast, anyone, path):
    page = anyone.get(path)

    assert primary(page) == [("Book a consultation", "/intake/")]
    assert {href for text, href in page.links().items() if "Book" in text} == {"/intake/"}
    assert "30 minutes with a physician, £60.Nothing is injected at this visit." in main(page)


def test_whoever_complains_is_asked_to_write_and_not_to_book(cast, anyone):
    page = anyone.get("/complaints")

    assert primary(page) == [("Write to us", "mailto:desk@halden.example")]
    assert "Book" not in main(page)


@pytest.mark.parametrize("path", ["/", "/help", *PAGES])
def test_no_page_promises_praises_or_presses(cast, anyone, path):
    assert FORBIDDEN.findall(main(anyone.get(path))) == []


def test_control_the_search_finds_a_promise():
    assert FORBIDDEN.findall("Results guaranteed. Safe and painless!") == [
        "guarantee",
        "Safe",
        "painless",
        "!",
    ]


@pytest.mark.parametrize("path", ["/", "/help", *PAGES, "/intake/", "/sign-in", "/visits/open"])
def test_the_foot_of_each_page_leads_to_privacy_terms_and_complaints(cast, anyone, path):
    foot = anyone.get(path).root.find(f".//{NS}footer")

    assert {words(a): a.get("href") for a in foot.iter(f"{NS}a")}.items() >= {
        ("Privacy", "/privacy"),
        ("Terms", "/terms"),
        ("Complaints", "/complaints"),
        ("Why a consultation first", "/why-a-consultation"),
    }


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_the_head_of_a_visitors_page_leads_to_the_others(cast, anyone, path):
    head = anyone.get(path).root.find(f".//{NS}header")

    links = {words(a): a.get("href") for a in head.iter(f"{NS}a")}

    assert links["Botox or filler?"] == "/botox-or-filler"
    assert (links["Treatments"], links["Physicians"]) == ("/treatments", "/physicians")


@pytest.mark.parametrize("path", ["/botox-or-filler", "/treatments", "/physicians"])
def test_the_head_says_on_which_page_one_is(cast, anyone, path):
    here = [a for a in anyone.get(path).root.iter(f"{NS}a") if a.get("aria-current") == "page"]

    assert [a.get("href") for a in here] == [path]


def test_the_form_has_no_way_out_of_it_in_its_head(cast, anyone):
    assert "Treatments" not in anyone.get("/intake/birth").links()


# Statements: what it costs.


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("/botox-or-filler", 2),
        ("/why-a-consultation", 1),
        ("/treatments", 2),
        ("/treatments/lines", 2),
        ("/physicians", 4),
        ("/privacy", 1),
        ("/terms", 1),
        ("/complaints", 0),
    ],
)
def test_a_page_asks_the_database_for_next_to_nothing(cast, anyone, path, asks):
    diary.current()
    anyone.get(path)

    with statements() as sent:
        anyone.get(path)

    assert len(reads(sent)) <= asks


# Botox or filler?


@pytest.mark.parametrize(
    "claim",
    [
        "only when your face moves, or also when it is still",
        "The medicine relaxes the muscles that make the line.",
        "You see itwithin days",
        "It wears offin about 3 to 4 months",
        "It adds volume where it is placed.",
        "You see italmost at once",
        "It lastsfor months",
        "It does not stop a muscle from moving",
        "two, each on its own",
        "For hands it is used outside its label (“off-label”)",
        "an eyelid can droop",
        "it does not replace an examination",
    ],
)
def test_botox_or_filler_says_what_each_does(cast, anyone, claim):
    assert claim in main(anyone.get("/botox-or-filler"))


def test_the_face_switches_without_a_script(cast, anyone):
    page = anyone.get("/botox-or-filler")

    switch = [i for i in page.root.iter(f"{NS}input") if i.get("name") == "which-face"]

    assert [i.get("value") for i in switch] == ["rest", "move"]
    assert 'class="in-motion"' in page.html
    assert [s.get("src") for s in page.root.iter(f"{NS}script") if "facemap" in s.get("src")] == []


# Why a consultation.


@pytest.mark.parametrize(
    "claim",
    [
        "Of 100 people treated: Eyelid, first large study of frown linesabout 5 ",
        "Eyelid, in experienced handsfewer than 1 ",
        "Brow, in studiesabout 1 to 5 ",
        "3 to 7 days after",
        "in 3 to 4 weeks",
        "in about 6 weeks",
        "figures of studies, not of this clinic",
        "King, Journal of Clinical and Aesthetic Dermatology 2016",
        "During pregnancy we give no injections of either kind.",
        "The consultation is not: you can always talk it over.",
        "under 18 we book neither",
        "only after a physician has examined you in person",
        "at least 24 hours",
        "Usually 6 months, never more than 12.",
    ],
)
def test_why_a_consultation_says_what_is_known_and_from_where(cast, anyone, claim):
    assert claim in main(anyone.get("/why-a-consultation"))


@pytest.mark.parametrize("path", LEARN)
def test_no_page_names_a_dose_or_a_drug_against_a_droop(cast, anyone, path):
    text = main(anyone.get(path)).lower()

    assert re.findall(r"\b\d+ ?(?:units?|u|ml)\b|apraclonidine|oxymetazoline", text) == []


# Treatments.


def test_the_list_has_each_treatment_of_the_clinic_with_its_price(cast, anyone):
    page = anyone.get("/treatments")

    assert "Botox for sweating" in main(page)
    assert "Combined treatment, 75 minutesfrom £520" in main(page)
    assert page.follow("Filler").heading == "Filler"


@pytest.mark.parametrize(
    ("code", "claims"),
    [
        (
            "lines",
            [
                "first effect comes after 1 to 3 days",
                "small bumps",
                "An eyelid or a brow that droops for weeks",
                "Trouble swallowing or breathing",
                "do not lie flat",
                "at least 12 weeks later",
                "myasthenia gravis",
                "the forehead alone",
                "in about 3 to 4 months",
                "from £220",
            ],
        ),
        (
            "sweating",
            [
                "Creams and antiperspirants come first.",
                "about 6 to 7 months",
                "about 3 to 9 months",
                "a weak grip",
                "outside its label (“off-label”)",
                "the cause is looked for first",
                "from £220",
            ],
        ),
        (
            "filler",
            [
                "sight (blindness)",
                "cause a stroke",
                "skin that turns white",
                "about 6 to 18 months",
                "It will not stop a muscle from moving.",
                "bacterial proteins",
                "enzyme can itself cause an allergy",
                "no make-up there",
                "from £340",
            ],
        ),
        (
            "combined",
            [
                "Bruises are more likely when both are given on one day.",
                "You can agree to one and leave the other.",
                "On one and the same day the filler comes first.",
                "sight (blindness)",
                "from £520",
            ],
        ),
    ],
)
def test_a_treatment_has_benefit_risk_days_after_who_not_price_and_label(
    cast, anyone, code, claims
):
    text = main(anyone.get(f"/treatments/{code}"))

    assert [c for c in claims if c.lower() not in text.lower()] == []
    assert "Call an ambulance at once, say which treatment you had, then call us:" in text
    assert "pregnant" in text or code == "combined"
    parts = ("What it does", "What can go wrong", "Common", "Possible", "Rare and serious")
    more = ("The days after", "Who should not have it", "Outside the label", "Price")
    assert [part for part in (*parts, *more) if part not in text] == []


@pytest.mark.parametrize(
    "code", ["toxin", "botox", "consultation", "follow-up", "LINES", "_frame", "..", "lines.html"]
)
def test_a_treatment_that_is_none_is_not_found(cast, anyone, code):
    anyone.get(f"/treatments/{code}", status=404)


def test_a_treatment_that_the_clinic_does_not_offer_has_no_page(cast, anyone):
    with transaction():
        for kind in (ServiceKind.FILLER, ServiceKind.COMBINED):
            cast.service(kind).active = False

    anyone.get("/treatments/filler", status=404)
    anyone.get("/treatments/combined", status=404)

    assert "/treatments/filler" not in anyone.get("/treatments").html
    assert "/treatments/combined" not in anyone.get("/botox-or-filler").html
    assert "/treatments/lines" in anyone.get("/botox-or-filler").html


def test_a_clinic_without_any_treatment_says_so(cast, anyone):
    with transaction():
        db.session.execute(
            db.update(Service)
            .where(Service.kind.in_([ServiceKind.TOXIN, ServiceKind.FILLER, ServiceKind.COMBINED]))
            .values(active=False)
        )

    assert "No treatment is on offer at the moment." in anyone.get("/treatments").text


def test_pages_follow_from_what_is_offered():
    assert pages_for({ServiceKind.CONSULTATION}) == []
    assert pages_for({ServiceKind.TOXIN}) == [TreatmentPage.LINES, TreatmentPage.SWEATING]
    assert pages_for(set(ServiceKind)) == list(TreatmentPage)


def test_a_price_names_its_site_where_there_are_several(cast, anyone):
    make_mitte(cast)

    assert "Filler treatment, Halden, 45 minutesfrom £340" in anyone.get("/treatments").text


# Physicians.


def card(page, name):
    found = [li for li in page.root.iter(f"{NS}li") if "card" in li.get("class", "")]
    return next(words(li) for li in found if name in words(li))


def test_a_physician_has_licence_treatments_and_next_free_times(cast, anyone):
    with transaction():
        db.session.execute(
            db.update(Credential)
            .where(Credential.practitioner_id == cast.ana.id)
            .values(reference="GMC 7012345")
        )
        db.session.execute(
            db.update(Practitioner)
            .where(Practitioner.id == cast.ana.id)
            .values(about="Dermatologist.")
        )
    make_visit(cast.cal, cast.ana, cast.service("consultation"), at(24, 10, 20))

    page = anyone.get("/physicians")

    ana, eli = card(page, "Dr Ana Silva"), card(page, "Dr Eli Stone")
    assert "Dermatologist. LicenceGMC 7012345Treats withBotox and filler" in ana
    assert "Tue 24 November, 11:00 am" in ana
    assert "10:20 am" not in ana
    assert "Licence" not in eli
    assert "Treats withBotox " in eli
    assert "Tue 24 November, 10:20 am" in eli


def test_a_credential_that_is_over_is_not_shown(cast, anyone, travel):
    with transaction():
        db.session.execute(
            db.update(Credential)
            .where(Credential.practitioner_id == cast.ana.id)
            .where(Credential.kind != CredentialKind.TOXIN)
            .values(reference="GMC 7012345", valid_until=at(23, 9).date())
        )

    ana = card(anyone.get("/physicians"), "Dr Ana Silva")

    assert "GMC" not in ana
    assert "Treats withBotox " in ana


def test_a_physician_at_two_sites_has_times_at_each(cast, anyone):
    make_mitte(cast)

    page = anyone.get("/physicians")

    ana, eli = card(page, "Dr Ana Silva"), card(page, "Dr Eli Stone")
    assert "Next free times at Halden" in ana
    assert "Next free times at Mitte" in ana
    assert "Mitte" not in eli
    assert "Times are those of each site." in page.text


def test_a_physician_without_hours_is_named_all_the_same(cast, anyone):
    with transaction():
        db.session.execute(
            db.text("DELETE FROM schedule WHERE practitioner_id = :id"), {"id": cast.ana.id}
        )

    assert "No hours at the moment. Call us." in card(anyone.get("/physicians"), "Dr Ana Silva")
