"""Where the law forbids to advertise the medicine by name, no public page names it."""

from __future__ import annotations

import pytest

from clinic import brand
from clinic.accounts.models import Practitioner
from clinic.brand import NAMES, Medicine
from clinic.catalogue.models import Service
from clinic.catalogue.rules import ServiceKind
from clinic.database import db, transaction
from clinic.jurisdiction.rules import STRICTEST
from tests.factories import put_profile
from tests.newcomer import at_the_last_page
from tests.two_sites import make_mitte

PAGES = (
    "/",
    "/help",
    "/which-treatment",
    "/why-a-consultation",
    "/treatments",
    "/treatments/lines",
    "/treatments/sweating",
    "/treatments/filler",
    "/treatments/combined",
    "/consent/relaxing",
    "/consent/filler",
    "/consent/both",
    "/physicians",
    "/privacy",
    "/terms",
    "/complaints",
    "/intake/",
    "/intake/birth",
    "/sign-in",
    "/forgotten-password",
    "/visits/open",
    "/nothing/here",
)
# Of these, the ones that have the name while it may be named.
NAMING = (
    "/",
    "/which-treatment",
    "/why-a-consultation",
    "/treatments",
    "/treatments/lines",
    "/treatments/sweating",
    "/treatments/combined",
    "/consent/relaxing",
    "/consent/both",
    "/physicians",
    "/intake/",
)


def name_the_brand(is_named: bool) -> None:
    put_profile(names_brand=is_named)


@pytest.fixture
def wordy(cast):
    """A clinic that writes the name wherever it can write something itself."""
    with transaction():
        db.session.execute(
            db.update(Practitioner).values(about="Botox, Dysport and botulinum toxin since 2012.")
        )
        db.session.add(
            Service(
                location_id=cast.site.id,
                kind=ServiceKind.TOXIN,
                name="BOTOX® for armpits",
                price_pence=45000,
                duration_minutes=30,
            )
        )
        db.session.execute(
            db.update(Service)
            .where(Service.kind == ServiceKind.CONSULTATION)
            .values(name="Botox consultation")
        )


def html(anyone, path):
    """All that is sent: text, title, addresses of links, words for screen readers."""
    return anyone.get(path, status=404 if path == "/nothing/here" else 200).html


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_names_no_brand_and_no_substance_where_that_is_off(wordy, anyone, path):
    name_the_brand(False)

    assert NAMES.findall(html(anyone, path)) == []


@pytest.mark.parametrize("path", NAMING)
def test_control_the_same_page_names_it_where_that_is_on(wordy, anyone, path):
    name_the_brand(True)

    assert "Botox" in NAMES.findall(html(anyone, path))


def test_the_walk_above_knows_every_page_of_the_visitors(app):
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("public.")]
    machines = {"/healthz", "/readyz"}
    by_name = {"/botox-or-filler", "/treatments/<code>", "/consent/<text>"}

    assert {rule.rule for rule in rules} - machines - by_name - set(PAGES) == set()


def test_a_clinic_that_says_nothing_does_not_name_it(cast):
    assert STRICTEST.names_brand is False
    assert Medicine(False).name == "anti-wrinkle injections"


def test_free_times_for_other_websites_name_no_brand_either(wordy, anyone, cast):
    name_the_brand(False)
    toxin = db.session.scalars(db.select(Service).where(Service.name == "Botox treatment")).one()

    body = anyone.send("GET", f"/api/slots?service={toxin.public_id}").get_data(as_text=True)

    assert "Anti-wrinkle injections" in body
    assert NAMES.findall(body) == []


@pytest.mark.parametrize("path", ["/book/consultation", "/book/check", "/book/consultation/wait"])
def test_whoever_books_a_first_visit_reads_no_name_of_the_medicine_either(wordy, app, cast, path):
    newcomer = at_the_last_page(cast, app)
    named = html(newcomer, path)
    name_the_brand(False)

    assert NAMES.findall(html(newcomer, path)) == []
    assert ("Botox consultation" in named) == (path != "/book/consultation/wait")


def test_the_waiting_list_of_a_site_names_it_as_little(wordy, app, cast):
    newcomer = at_the_last_page(cast, app)
    mitte = make_mitte(cast)
    with transaction():
        db.session.execute(
            db.update(Service)
            .where(Service.kind == ServiceKind.CONSULTATION)
            .values(name="Botox consultation")
        )
    path = f"/book/consultation/wait?site={mitte.location.public_id}"
    named = html(newcomer, path)
    name_the_brand(False)

    assert "Botox consultation" in named
    assert NAMES.findall(html(newcomer, path)) == []


@pytest.mark.parametrize(
    ("is_named", "asked", "led_to"),
    [
        (True, "/which-treatment", "/botox-or-filler"),
        (False, "/botox-or-filler", "/which-treatment"),
    ],
)
def test_the_page_has_the_address_that_the_clinic_may_use(cast, anyone, is_named, asked, led_to):
    name_the_brand(is_named)

    response = anyone.send("GET", asked)

    assert (response.status_code, response.location) == (302, led_to)
    assert anyone.get(asked).path == led_to


def test_a_clinic_that_is_not_made_yet_names_nothing(app):
    with app.test_request_context():
        assert not brand.medicine().is_named


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("toxin", "Botox treatment", "Anti-wrinkle injections"),
        ("toxin", "Botox for sweating", "Injections against sweating"),
        ("toxin", "Upper face", "Upper face"),
        ("combined", "Botox + filler", "Anti-wrinkle injections and filler"),
        ("consultation", "Dysport consultation", "anti-wrinkle injections consultation"),
        ("filler", "Filler treatment", "Filler treatment"),
    ],
)
def test_a_service_keeps_its_own_name_unless_that_names_the_medicine(app, kind, name, shown):
    with app.test_request_context():
        assert Medicine(False).service(ServiceKind(kind), name) == shown
        assert Medicine(True).service(ServiceKind(kind), name) == name


@pytest.mark.parametrize(
    "written",
    [
        "Botox",
        "BOTOX®",
        "botoxed",
        "Azzalure",
        "onabotulinumtoxinA",
        "botulinum toxin type A",
        "Botulinumtoxin",
        "neurotoxin",
        "toxins",
    ],
)
def test_a_name_is_found_however_it_is_written(written):
    assert NAMES.search(f"We give {written} here.")


@pytest.mark.parametrize("written", ["Detox diets", "intoxicated", "button", "a toxic plant"])
def test_what_only_looks_like_a_name_stays(written):
    assert not NAMES.search(written)
