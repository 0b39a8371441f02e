"""Every page of every role, and its states: one table, read by the checks and the screenshots."""

from __future__ import annotations

from tests.browser.pages.anyone import ANYONE
from tests.browser.pages.booking import BOOKING
from tests.browser.pages.decisions import DECISIONS
from tests.browser.pages.errors import ERRORS
from tests.browser.pages.patient import PATIENT
from tests.browser.pages.photos import PHOTOS
from tests.browser.pages.physician import PHYSICIAN
from tests.browser.pages.rosters import ROSTERS
from tests.browser.pages.security import SECURITY
from tests.browser.pages.sites import SITES
from tests.browser.pages.staff import FRONT_DESK, MANAGER
from tests.browser.pages.why import WHY

# GET routes without a page: what machines ask, a file, a redirection.
NO_PAGE = frozenset(
    {
        "api.slots",
        "public.healthz",
        "public.readyz",
        "scheduling.calendar",
        "numbers.as_csv",
        "paper.arrivals_csv",
        "paper.day_csv",
        "paper.day_pdf",
        "paper.my_day_pdf",
        "paper.patients_csv",
        "paper.waiting_csv",
        "photos.image",
        "photos.thumbnail",
        "accounts.still_here",
        "accounts.welcome",
        "frontdesk.calendar_part",
        # Addresses of the sign-in library that lead on, or that nobody finds anything behind.
        "security.wan_delete",
        "security.two_factor_rescue",
        "security.tf_select",
    }
)

STAFFS = (*PHYSICIAN, *FRONT_DESK, *MANAGER, *ROSTERS, *SITES)
PATIENTS = (*PATIENT, *DECISIONS)
PAGES = (*ANYONE, *BOOKING, *PATIENTS, *STAFFS, *SECURITY, *ERRORS, *WHY, *PHOTOS)
