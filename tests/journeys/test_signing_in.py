"""Signing in as people do: an app set up on a phone, codes printed, passkeys of a real browser.

Shows S11, S13 (a passkey gets past a closed door) and S16 of the security checklist.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from passlib.totp import TOTP

from clinic import clock
from clinic.accounts.models import Passkey, UsedChallenge
from clinic.database import db
from tests.browser.tab import Tab
from tests.factories import PASSWORD, Cast
from tests.journeys import staff

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def app_code(tab: Tab) -> str:
    """What an app shows that has read the key on the page."""
    key = re.search(r"[A-Z2-7]{4}( [A-Z2-7]{4}){3,}", tab.text)
    assert key is not None
    app = TOTP(key=key[0].replace(" ", ""))
    return str(app.generate(time=int(clock.now().timestamp())).token)


def test_a_physician_sets_the_second_step_up_on_a_phone_and_comes_back_without_it(
    cast: Cast, open_tab: Callable[[], Tab]
):
    staff.give_password(cast.ana_user)
    phone = open_tab()

    staff.type_password(phone, cast.ana_user)
    assert phone.heading == "A second step"
    phone.press("Set up an app")
    assert phone.page.locator("svg[role=img] path").count() == 1
    phone.fill({"Code": app_code(phone)}).press("Confirm the app")
    assert phone.path == "/my-day"
    phone.follow("Security").follow("Make recovery codes").press("Make ten codes")
    codes = phone.page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    phone.follow("I have kept them").press("Sign out")
    staff.type_password(phone, cast.ana_user).follow("Use a recovery code")
    phone.fill({"Recovery code": codes[3].upper()}).press("Sign in")
    assert phone.path == "/my-day"
    phone.follow("Security")

    assert "9 are left" in phone.text


@pytest.fixture
def device(new_tab: Callable[..., Tab]) -> Tab:
    """A phone with a fingerprint reader, scripts on."""
    tab = new_tab(width=390)
    tools = tab.page.context.new_cdp_session(tab.page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return tab


def add_passkey(tab: Tab, name: str = "Work phone") -> Tab:
    tab.follow("Security").follow("Add a passkey").fill({"Name of the device": name})
    with tab.page.expect_navigation(url=re.compile("/account/security")):
        tab.button("Go on").click()
    return tab


def with_passkey(tab: Tab, leads_to: str) -> Tab:
    """Press the button of the passkey; the device answers by itself."""
    with tab.page.expect_navigation(url=re.compile(leads_to)):
        tab.button("Use a passkey instead").click()
    return tab


def keys() -> list[Passkey]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Passkey).order_by(Passkey.id)))


def test_S11_a_passkey_signs_in_by_itself_and_is_taken_away_again(cast: Cast, device: Tab):
    staff.sign_in(device, cast.ana_user)
    add_passkey(device)
    assert "The passkey “Work phone” is added." in device.text
    assert "Passkey: Work phone" in device.text
    device.press("Sign out").follow("Sign in")

    with_passkey(device, "/my-day")
    assert device.path == "/my-day"
    device.follow("Security").press("Remove")

    assert keys() == []
    device.press("Sign out").follow("Sign in")
    with_passkey(device, "/sign-in/passkey$")

    assert "That passkey did not work here" in device.text


def test_S13_a_passkey_still_signs_in_while_guesses_have_closed_the_password(
    cast: Cast, device: Tab
):
    staff.sign_in(device, cast.ana_user)
    add_passkey(device).press("Sign out")
    for _guess in range(5):
        device.open("/sign-in").fill({"E-mail": cast.ana_user.email, "Password": "a guess of mine"})
        device.press("Sign in")
    device.open("/sign-in").fill({"E-mail": cast.ana_user.email, "Password": PASSWORD})
    device.press("Sign in")
    assert device.status == 429

    with_passkey(device.open("/sign-in"), "/my-day")

    assert device.path == "/my-day"


def test_a_passkey_is_the_second_step_where_no_app_is_set_up(cast: Cast, device: Tab):
    staff.sign_in(device, cast.ana_user)
    add_passkey(device).follow("Change the app").press("Remove the app")
    device.press("Sign out")

    staff.type_password(device, cast.ana_user)
    assert device.heading == "Sign in with a passkey"
    with device.page.expect_navigation(url=re.compile("/my-day")):
        device.button("Go on").click()
    device.follow("Security").press("Remove")

    assert "This is your only second step" in device.text
    assert len(keys()) == 1


def test_S16_a_passkey_confirms_what_is_delicate(cast: Cast, device: Tab, travel, today):
    staff.sign_in(device, cast.ana_user)
    add_passkey(device)
    travel(today + timedelta(minutes=12))

    device.open("/account/new-address")
    assert device.heading == "Confirm that it is you"
    with_passkey(device, "/account/new-address")

    assert device.heading == "Change the address"


def test_an_answer_of_a_passkey_is_taken_once(cast: Cast, device: Tab):
    staff.sign_in(device, cast.ana_user)
    add_passkey(device).press("Sign out")
    sent: list[tuple[str, str]] = []
    device.page.on(
        "request",
        lambda r: sent.append((r.url, r.post_data or "")) if "/sign-in/passkey/" in r.url else None,
    )
    with_passkey(device.open("/sign-in"), "/my-day")
    device.press("Sign out").open("/sign-in/passkey")

    [(url, body)] = sent
    device.page.evaluate(
        """([url, body]) => {
            const form = document.createElement('form'), old = new URLSearchParams(body);
            const token = document.querySelector('[name=csrf_token]').value;
            form.method = 'post'; form.action = url;
            for (const [name, value] of [...old, ['csrf_token', token]]) {
                if (name === 'csrf_token' && value !== token) continue;
                const field = document.createElement('input');
                field.name = name; field.value = value; form.append(field);
            }
            document.body.append(form); form.submit();
        }""",
        [url, body],
    )
    device.page.wait_for_url(re.compile("/sign-in/passkey$"))

    assert "That passkey did not work here" in device.text
    db.session.rollback()
    assert len(list(db.session.scalars(db.select(UsedChallenge)))) == 1
