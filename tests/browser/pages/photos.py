"""Photos: on the form, on the patient's own page, and as a physician sees them."""

from __future__ import annotations

from tests.browser import photo_ways, review_ways, ways
from tests.browser.demo import NO_VISITS, WITH_PHOTOS
from tests.browser.page import Page
from tests.browser.ways import account, code, newcomer, physician

FORM = newcomer("/intake/{draft}/photos", "answers", "concerns")

PHOTOS = (
    Page("anyone", "form-photos", "intake.photos", FORM),
    Page("anyone", "form-photos-chosen", "intake.photos", FORM, photo_ways.choose),
    Page("anyone", "form-photos-refused", "intake.photos", FORM, photo_ways.add_two_of_three, 422),
    Page("anyone", "form-photos-no-yes", "intake.photos", FORM, photo_ways.add_without_a_yes, 422),
    Page(
        "patient",
        "form-photos-earlier",
        "intake.photos",
        ways.changed_form(WITH_PHOTOS, "photos"),
    ),
    Page("patient", "photos", "photos.own", code(WITH_PHOTOS, "/photos/")),
    Page("patient", "photos-none", "photos.own", account(NO_VISITS, "/photos/")),
    Page("patient", "photos-take-back", "photos.withdraw", photo_ways.taking_back("record")),
    Page(
        "physician",
        "review-photos",
        "screening.review",
        physician("/reviews/{visit}", WITH_PHOTOS),
    ),
    Page(
        "physician",
        "review-photos-large",
        "screening.review",
        physician("/reviews/{visit}", WITH_PHOTOS),
        review_ways.photos_large,
    ),
    Page(
        "physician",
        "patient-photos",
        "records.patient",
        physician("/records/{patient}", WITH_PHOTOS),
    ),
)
