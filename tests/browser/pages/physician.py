"""What a physician sees."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.demo import LONG_NAME, NO_VISITS
from tests.browser.page import Page
from tests.browser.staff_ways import opened_in_emergency, searched
from tests.browser.ways import physician, press, staff

PHYSICIAN = (
    Page("physician", "day", "screening.my_day", "/my-day"),
    Page("physician", "day-empty", "screening.my_day", lambda d: f"/my-day?day={d.day(150)}"),
    Page("physician", "queue", "screening.queue", "/reviews"),
    Page("physician", "queue-flagged", "screening.queue", "/reviews?show=flagged"),
    Page("physician", "review", "screening.review", physician("/reviews/{visit}", "Jules Martin")),
    Page(
        "physician",
        "review-here",
        "screening.review",
        physician("/reviews/{visit}", "Maya Lindqvist"),
    ),
    Page(
        "physician",
        "review-routine",
        "screening.review",
        physician("/reviews/{visit}", "Ines Moreau"),
        ways.examined,
    ),
    Page(
        "physician",
        "review-saved",
        "screening.review",
        physician("/reviews/{visit}", "Greta Holm"),
        ways.saved,
    ),
    Page(
        "physician",
        "review-wrong",
        "screening.save",
        physician("/reviews/{visit}", "Jules Martin"),
        ways.signed_too_early,
        422,
    ),
    Page(
        "physician",
        "review-objections",
        "screening.save",
        physician("/reviews/{visit}", "Maya Lindqvist"),
        ways.approved_too_early,
        422,
    ),
    Page(
        "physician",
        "review-answered",
        "screening.review",
        physician("/reviews/{visit}", "Kit Somers"),
    ),
    Page(
        "physician",
        "review-decided",
        "screening.review",
        physician("/reviews/{visit}", "Ruth Cole"),
    ),
    Page(
        "physician",
        "review-no-form",
        "screening.review",
        physician("/reviews/{visit}", "Samuel Osei"),
    ),
    Page(
        "physician",
        "review-long-name",
        "screening.review",
        physician("/reviews/{visit}", LONG_NAME),
    ),
    Page("physician", "note-approved", "screening.note", physician("/notes/{note}", "Ruth Cole")),
    Page("physician", "note-withdrawn", "screening.note", physician("/notes/{note}", "Iris Vogel")),
    Page("physician", "note-question", "screening.note", physician("/notes/{note}", "Kit Somers")),
    Page(
        "physician",
        "note-wrong",
        "screening.add_addendum",
        physician("/notes/{note}", "Ruth Cole"),
        press("Add to the note"),
        422,
    ),
    Page("physician", "patients", "records.patients", "/records/"),
    Page("physician", "patient", "records.patient", physician("/records/{patient}", "Ruth Cole")),
    Page(
        "physician",
        "patient-new",
        "records.patient",
        physician("/records/{patient}", "Samuel Osei"),
    ),
    Page(
        "physician",
        "book",
        "scheduling.choose_service",
        physician("/patients/{patient}/book", "Ruth Cole"),
    ),
    Page(
        "physician",
        "times",
        "scheduling.times_for_patient",
        physician("/patients/{patient}/book/{service}", "Ruth Cole", "combined"),
    ),
    Page(
        "physician",
        "times-held",
        "scheduling.times_for_patient",
        physician("/patients/{patient}/book/{service}", "Ruth Cole", "combined"),
        ways.hold_first_time,
    ),
    Page(
        "physician",
        "times-refused",
        "scheduling.times_for_patient",
        physician("/patients/{patient}/book/{service}", "Jules Martin", "toxin"),
    ),
    Page(
        "physician",
        "move",
        "scheduling.move_for_patient",
        physician("/moves/{visit}", "Oscar Lange"),
    ),
    Page(
        "physician",
        "cancel",
        "scheduling.cancel_for_patient",
        physician("/moves/{visit}/cancel", "Amelie Roux"),
    ),
    Page(
        "physician",
        "cancel-wrong",
        "scheduling.cancel_for_patient",
        physician("/moves/{visit}/cancel", "Amelie Roux"),
        press("Cancel the visit"),
        422,
    ),
    Page(
        "physician",
        "cancelled",
        "scheduling.cancel_for_patient",
        ways.just_cancelled_by_physician("Björn Dahl"),
    ),
    Page("physician", "emergency", "emergency.find", "/emergency"),
    Page("physician", "emergency-found", "emergency.search", "/emergency", searched("max")),
    Page("physician", "emergency-nobody", "emergency.search", "/emergency", searched("zz")),
    Page(
        "physician",
        "emergency-wrong",
        "emergency.search",
        "/emergency",
        press("Find the patient"),
        422,
    ),
    Page(
        "physician",
        "emergency-reason",
        "emergency.reason",
        staff("/emergency/{patient}", NO_VISITS),
    ),
    Page(
        "physician",
        "emergency-reason-wrong",
        "emergency.open_record",
        staff("/emergency/{patient}", NO_VISITS),
        press("Open the record"),
        422,
    ),
    Page("physician", "patient-in-emergency", "records.patient", opened_in_emergency("Iris Vogel")),
)
