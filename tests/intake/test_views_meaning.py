"""A kind stop says what an answer means for treatment, and the way to a consultation goes on."""

import pytest

from tests.intake.form import CONDITIONS, HEALTH, MEDICINES, no_to_all

PAGES = {"health": HEALTH, "conditions": CONDITIONS, "medicines": MEDICINES}


def answered(on_page, key, **given):
    answers = {**no_to_all(PAGES[key]), **given}
    return on_page(key).form("Continue").set(**answers).press("Continue")


@pytest.mark.parametrize(
    ("key", "given", "title"),
    [
        ("health", {"pregnancy": "yes"}, "We can’t offer injections during pregnancy"),
        ("health", {"pregnancy": "not-sure"}, "We can’t offer injections during pregnancy"),
        ("health", {"breastfeeding": "yes"}, "We usually wait until you no longer breastfeed"),
        ("health", {"toxin_allergy": "yes"}, "Injections that relax a muscle are not for you"),
        ("health", {"severe_allergy_history": "yes"}, "Fillers may not be for you"),
        ("health", {"bacterial_protein_allergy": "yes"}, "Fillers may not be for you"),
        ("health", {"infection_at_site": "yes"}, "An infection has to heal first"),
        ("health", {"skin_inflammation_at_site": "yes"}, "The skin has to calm down first"),
        (
            "health",
            {"cold_sores": "yes", "cold_sores_now": "yes"},
            "A cold sore has to heal first",
        ),
        (
            "conditions",
            {"neuromuscular_disease": "yes"},
            "Injections that relax a muscle are not for you",
        ),
        (
            "medicines",
            {"aminoglycoside_antibiotic": "yes"},
            "We wait until your antibiotic is finished",
        ),
    ],
)
def test_an_answer_says_at_once_what_it_means_and_whom_to_call(on_page, key, given, title):
    page = answered(on_page, key, **given)

    assert page.path.endswith(f"/{key}/meaning")
    assert title in page.text
    assert "You can book a consultation all the same." in page.text
    assert "020 7946 0123" in page.text
    onward = page.follow("Go on with the form")
    assert "/intake/" in onward.path
    assert not onward.path.endswith("meaning")


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("health", {}),
        ("health", {"breastfeeding": "not-sure"}),
        ("health", {"lidocaine_allergy": "yes"}),
        ("health", {"cold_sores": "yes", "cold_sores_now": "no"}),
        ("conditions", {"heart_disease": "yes"}),
        ("medicines", {"blood_thinners": "yes"}),
    ],
)
def test_what_stops_nothing_goes_straight_on(on_page, key, given):
    assert not answered(on_page, key, **given).path.endswith("meaning")


def test_an_answer_can_be_changed_from_there(on_page):
    page = answered(on_page, "health", pregnancy="yes").follow("Change an answer")

    assert page.path.endswith("/health")


def test_a_meaning_without_such_an_answer_leads_on_and_an_unknown_page_is_none(on_page):
    person, path = on_page("health").person, on_page("health").path

    assert person.send("GET", f"{path}/meaning").location.endswith("/conditions")
    person.get(path.replace("health", "nowhere") + "/meaning", status=404)


def test_no_meaning_names_a_brand_or_a_dose(cast):
    from clinic.intake.meanings import MEANINGS

    texts = [f"{each.title} {each.text}".lower() for each in MEANINGS.values()]

    assert [t for t in texts if "botox" in t or "units" in t or "dysport" in t] == []
