"""A first consultation, from the times to the code; and the way back to one's visits."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.page import Page
from tests.browser.ways import newcomer, press, typed

BOOKING = (
    Page(
        "anyone",
        "times",
        "scheduling.consultation_times",
        newcomer("/book/consultation", *ways.COMPLETE),
    ),
    Page(
        "anyone",
        "times-held",
        "scheduling.consultation_times",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.hold_first_time,
    ),
    Page(
        "anyone",
        "times-hold-over",
        "scheduling.consultation_times",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.steps(ways.hold_first_time, ways.twenty_minutes_later),
    ),
    Page(
        "anyone",
        "times-hold-longest",
        "scheduling.extend",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.steps(ways.hold_first_time, press(*["Hold for 10 more"] * 6)),
        409,
    ),
    Page(
        "anyone",
        "times-taken",
        "scheduling.consultation_times",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.somebody_is_faster,
        409,
    ),
    Page(
        "anyone",
        "check",
        "scheduling.check",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.to_check,
    ),
    Page(
        "anyone",
        "check-wrong",
        "scheduling.check",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.steps(ways.to_check, press("Send me the code")),
        422,
    ),
    Page(
        "anyone",
        "code",
        "scheduling.code",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.to_code,
    ),
    Page(
        "anyone",
        "code-wrong",
        "scheduling.code",
        newcomer("/book/consultation", *ways.COMPLETE),
        ways.steps(ways.to_code, typed({"Six-digit code": "12"}, "Book and send")),
        422,
    ),
    Page("anyone", "open-visits", "scheduling.open_visits", "/visits/open"),
    Page(
        "anyone",
        "open-visits-wrong",
        "scheduling.open_visits",
        "/visits/open",
        press("Send me the code"),
        422,
    ),
    Page(
        "anyone",
        "open-visits-code",
        "scheduling.open_visits_code",
        "/visits/open",
        ways.open_visits,
    ),
    Page(
        "anyone",
        "open-visits-code-wrong",
        "scheduling.open_visits_code",
        "/visits/open",
        ways.steps(ways.open_visits, typed({"Six-digit code": "12"}, "Open my visits")),
        422,
    ),
    Page(
        "anyone",
        "open-visits-nobody",
        "scheduling.open_visits_code",
        "/visits/open",
        ways.steps(ways.open_visits, ways.type_the_code),
        404,
    ),
    Page(
        "anyone",
        "waiting-newcomer",
        "waitlist.newcomer",
        newcomer("/book/consultation/wait", *ways.COMPLETE),
    ),
    Page(
        "anyone",
        "waiting-newcomer-wrong",
        "waitlist.newcomer",
        newcomer("/book/consultation/wait", *ways.COMPLETE),
        press("Send me the code"),
        422,
    ),
    Page(
        "anyone",
        "waiting-code",
        "waitlist.newcomer_code",
        newcomer("/book/consultation/wait", *ways.COMPLETE),
        ways.contact_and_code,
    ),
)
