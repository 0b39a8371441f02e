"""What a patient sees."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.demo import LONG_NAME, NO_VISITS
from tests.browser.page import Page
from tests.browser.ways import account, code, press, typed

PATIENT = (
    Page("patient", "visits-none", "scheduling.my_visits", account(NO_VISITS)),
    Page("patient", "visits-coming", "scheduling.my_visits", code("Jules Martin")),
    Page("patient", "visits-approved", "scheduling.my_visits", account("Ruth Cole")),
    Page(
        "patient",
        "visits-just-approved",
        "scheduling.my_visits",
        account("Ruth Cole"),
        ways.two_days_before,
    ),
    Page(
        "patient",
        "times-second-consultation",
        "scheduling.consultation_times",
        code("Greta Holm", "/book/consultation"),
    ),
    Page("patient", "visits-treatment", "scheduling.my_visits", code("Clara Voss")),
    Page("patient", "visits-renewal", "scheduling.my_visits", code("Iris Vogel")),
    Page("patient", "visits-question", "scheduling.my_visits", code("Rosa Marín")),
    Page("patient", "visits-deferred", "scheduling.my_visits", code("Elif Demir")),
    Page("patient", "visits-form-missing", "scheduling.my_visits", code("Samuel Osei")),
    Page("patient", "visits-by-code-only", "scheduling.my_visits", code("Maya Lindqvist")),
    Page("patient", "visits-long-name", "scheduling.my_visits", code(LONG_NAME)),
    Page("patient", "readers-none", "audit.readers", code("Greta Holm", "/account/readers")),
    Page("patient", "readers-one", "audit.readers", account("Ruth Cole", "/account/readers")),
    Page("patient", "readers-many", "audit.readers", ways.looked_at),
    Page(
        "patient",
        "readers-of-account",
        "audit.readers",
        code("Maya Lindqvist", "/account/readers"),
        None,
        404,
    ),
    Page("patient", "booked", "scheduling.booked", code("Greta Holm", "/visits/{visit}")),
    Page(
        "patient",
        "booked-treatment",
        "scheduling.booked",
        code("Clara Voss", "/visits/{visit}", "combined"),
    ),
    Page("patient", "cancel", "scheduling.cancel", code("Oscar Lange", "/visits/{visit}/cancel")),
    Page(
        "patient", "cancel-late", "scheduling.cancel", code("Leah Stone", "/visits/{visit}/cancel")
    ),
    Page(
        "patient",
        "cancel-ended",
        "scheduling.cancel",
        code("Zoe Hart", "/visits/{visit}/cancel"),
        None,
        410,
    ),
    Page("patient", "password", "accounts.set_password", code("Yuki Tanaka", "/account/password")),
    Page(
        "patient",
        "password-wrong",
        "accounts.set_password",
        code("Yuki Tanaka", "/account/password"),
        typed({"Password": "short"}, "Set my password"),
        422,
    ),
    Page("patient", "question", "screening.reply", ways.asked),
    Page("patient", "question-wrong", "screening.reply", ways.asked, press("Send my answer"), 422),
    Page("patient", "form-changed", "intake.page", ways.changed_form("Amelie Roux", "health")),
    Page("patient", "form-send", "intake.send", ways.changed_form("Amelie Roux", "send")),
    Page(
        "patient",
        "times",
        "scheduling.treatment_times",
        account("Ruth Cole", "/book/{service}", "combined"),
    ),
    Page(
        "patient",
        "times-held",
        "scheduling.treatment_times",
        account("Ruth Cole", "/book/{service}", "combined"),
        ways.hold_first_time,
    ),
    Page(
        "patient",
        "times-refused",
        "scheduling.treatment_times",
        account("Maya Lindqvist", "/book/{service}"),
    ),
    Page(
        "patient",
        "check-known",
        "scheduling.check",
        code("Adam Blake", "/book/consultation"),
        ways.to_check,
    ),
)
