"""What anybody sees without an account: the clinic, the form, the doors."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.page import Page
from tests.browser.ways import newcomer, press, typed

ANYONE = (
    Page("anyone", "home", "public.home", "/"),
    Page("anyone", "help", "public.help_page", "/help"),
    Page("anyone", "start", "intake.start", "/intake/"),
    Page("anyone", "start-again", "intake.start", newcomer("/intake/", "answers")),
    Page("anyone", "birth", "intake.birth", "/intake/birth"),
    Page("anyone", "birth-wrong", "intake.birth", "/intake/birth", press("Continue"), 422),
    Page("anyone", "under-18", "intake.birth", "/intake/birth", ways.born(1, 2, 2012)),
    Page("anyone", "unlock", "intake.unlock", ways.left_alone),
    Page(
        "anyone",
        "unlock-wrong",
        "intake.unlock",
        ways.left_alone,
        ways.born(1, 2, 1990, "Open my form"),
        422,
    ),
    Page("anyone", "resume", "intake.resume", ways.resume_link),
    Page(
        "anyone",
        "resume-wrong",
        "intake.resume",
        ways.resume_link,
        ways.born(1, 2, 1990, "Open my form"),
        422,
    ),
    Page("anyone", "form-1-health", "intake.page", newcomer("/intake/{draft}/health")),
    Page(
        "anyone",
        "form-1-wrong",
        "intake.page",
        newcomer("/intake/{draft}/health"),
        press("Continue"),
        422,
    ),
    Page(
        "anyone",
        "form-2-medicines",
        "intake.page",
        newcomer("/intake/{draft}/medicines", "answers"),
    ),
    Page(
        "anyone",
        "form-2-wrong",
        "intake.page",
        newcomer("/intake/{draft}/medicines", "answers"),
        ways.yes_without_date,
        422,
    ),
    Page("anyone", "form-3-where", "intake.page", newcomer("/intake/{draft}/where", "answers")),
    Page(
        "anyone",
        "form-3-ticked",
        "intake.page",
        newcomer("/intake/{draft}/where", "answers", "concerns"),
    ),
    Page(
        "anyone",
        "form-3-wrong",
        "intake.page",
        newcomer("/intake/{draft}/where"),
        ways.ticked_and_nothing_more,
        422,
    ),
    Page(
        "anyone", "form-4-words", "intake.page", newcomer("/intake/{draft}/words", *ways.COMPLETE)
    ),
    Page(
        "anyone",
        "form-4-wrong",
        "intake.page",
        newcomer("/intake/{draft}/words"),
        press("Continue"),
        422,
    ),
    Page("anyone", "leave", "intake.leave", newcomer("/intake/{draft}/leave", "answers")),
    Page(
        "anyone",
        "leave-wrong",
        "intake.leave",
        newcomer("/intake/{draft}/leave"),
        press("Send me the link"),
        422,
    ),
    Page(
        "anyone",
        "left",
        "intake.leave",
        newcomer("/intake/{draft}/leave"),
        typed({"E-mail": "kim@example.org"}, "Send me the link"),
    ),
    Page("anyone", "sign-in", "security.login", "/sign-in"),
    Page(
        "anyone",
        "sign-in-wrong",
        "security.login",
        "/sign-in",
        typed({"E-mail": "kim@example.org", "Password": "not the right one"}, "Sign in"),
        422,
    ),
    Page("anyone", "forgotten", "security.forgot_password", "/forgotten-password"),
    Page(
        "anyone",
        "forgotten-sent",
        "security.forgot_password",
        "/forgotten-password",
        typed({"E-mail": "kim@example.org"}, "Send the link"),
    ),
    Page("anyone", "new-password", "security.reset_password", ways.reset_link),
    Page(
        "anyone",
        "new-password-wrong",
        "security.reset_password",
        ways.reset_link,
        typed({"New password": "short"}, "Set the new password"),
        422,
    ),
    Page("anyone", "mails", "demo.mail", "/demo/mail"),
)
