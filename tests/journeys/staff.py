"""What the front desk and the physicians do in their browsers."""

from __future__ import annotations

import re

from clinic.accounts.models import User
from clinic.accounts.signin.second_step import seed
from clinic.database import transaction
from tests.browser.tab import Tab
from tests.factories import PASSWORD

# A routine examination; what is left out is left empty on the page.
MEASURED = {"mrd1_right": "2.8", "mrd1_left": "3.6", "levator_right": "14", "levator_left": "14"}
SEEN = {
    "brow_right": "at",
    "brow_left": "at",
    "frontalis_compensation": "no",
    "dermatochalasis": "mild",
    "fatigable": "no",
    "droop_after_toxin": "none",
    "eyelid_or_brow_surgery": "no",
    "neuromuscular_disease": "no",
}
NOTE = "Frown lines deep when moving. Discussed droop and doing nothing."
WHY = "Levator good. Aspirin continues."


def give_password(user: User) -> None:
    """What somebody new at the clinic does with the link that the manager sends."""
    from flask_security.utils import hash_password

    with transaction():
        user.password = hash_password(PASSWORD)


def give_app(user: User) -> None:
    """The second step of staff, set up on some day before."""
    with transaction():
        user.tf_totp_secret = seed()


def sign_in(tab: Tab, user: User) -> Tab:
    """With e-mail address and password, and staff with the code of their app."""
    if not user.password:
        give_password(user)
    if user.is_staff and not user.has_second_step:
        give_app(user)
    type_password(tab, user)
    if tab.heading == "Second step":
        code = re.search(r"what the app would show: (\d{6})", tab.text)
        assert code is not None
        tab.fill({"Code": code[1]}).press("Sign in")
    return tab


def type_password(tab: Tab, user: User) -> Tab:
    tab.open("/sign-in").fill({"E-mail": user.email, "Password": PASSWORD})
    return tab.press("Sign in")


def examine(tab: Tab, text: str = NOTE, **measured: str) -> Tab:
    """Fill the examination and the note in."""
    for name, value in {**MEASURED, **measured}.items():
        tab.page.locator(f"[name={name}]").fill(value)
    for name, value in SEEN.items():
        tab.page.locator(f"[name={name}]").select_option(value)
    tab.page.locator("[name=text]").fill(text)
    return tab


def decide_botox(tab: Tab, ceiling: str = "40") -> Tab:
    """Approve Botox where the patient asked for it; not signed yet."""
    tab.page.locator("#d-approve").check()
    tab.page.locator("#mod-toxin").check()
    return _terms(tab, "toxin", ceiling)


def decide_combined(tab: Tab, filler: str) -> Tab:
    """Approve Botox where the patient asked for it, and filler in the area *filler*."""
    tab.page.locator("#d-approve").check()
    tab.page.locator("#mod-combined").check()
    tab.page.locator(f"[name=filler_areas][value={filler}]").check()
    tab.page.locator("[name=filler_ceiling]").fill("1.5")
    return _terms(tab, "toxin", "40")


def _terms(tab: Tab, modality: str, ceiling: str) -> Tab:
    for area in ("forehead", "glabella"):
        tab.page.locator(f"[name={modality}_areas][value={area}]").check()
    tab.page.locator(f"[name={modality}_ceiling]").fill(ceiling)
    tab.page.locator("[name=mitigations]").first.check()
    tab.page.locator("[name=why]").fill(WHY)
    return tab


def book_first_time(tab: Tab) -> Tab:
    """On a page of times: hold the first one and book it."""
    return tab.press_first_time().press("Book this time")
