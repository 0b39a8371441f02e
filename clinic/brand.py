"""What public pages call the medicine that relaxes muscles: by its brand, or in plain words.

Some countries forbid to advertise a prescription medicine by name. The profile's `names_brand` is
the one switch; every public page takes its words from here (`medicine` in a template). Questions of
the form name brands all the same: there a patient is asked, not courted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from clinic.catalogue.rules import ServiceKind
from clinic.catalogue.sites import SiteCard, every_site

BRANDS = (
    "alluzience",
    "azzalure",
    "bocouture",
    "botox",
    "daxxify",
    "dysport",
    "jeuveau",
    "letybo",
    "nuceiva",
    "relfydess",
    "vistabel",
    "xeomin",
)
SUBSTANCE = r"\w*botulin\w*(?:[\s-]*(?:neuro)?toxins?\w*)?(?:\s+type\s+[a-g]\b)?|\w*toxins?\b"
NAMES = re.compile(rf"\b(?:(?:{'|'.join(BRANDS)})\w*|{SUBSTANCE})", re.IGNORECASE)
SWEATING = re.compile(r"sweat|hyperhidrosis|armpit|palm", re.IGNORECASE)


@dataclass(frozen=True)
class Medicine:
    """The words, each as a noun that fits behind "with", "after" and "about"."""

    is_named: bool

    @property
    def name(self) -> str:
        return "Botox" if self.is_named else _("anti-wrinkle injections")

    @property
    def title(self) -> str:
        return "Botox" if self.is_named else _("Anti-wrinkle injections")

    @property
    def against_sweating(self) -> str:
        return _("Botox for sweating") if self.is_named else _("Injections against sweating")

    @property
    def with_filler(self) -> str:
        if self.is_named:
            return _("Botox and filler")
        return _("Anti-wrinkle injections and filler")

    @property
    def or_filler(self) -> str:
        if self.is_named:
            return _("Botox or filler?")
        return _("Anti-wrinkle injections or filler?")

    @property
    def which(self) -> str:
        """The same for a menu, where there is little room."""
        return _("Botox or filler?") if self.is_named else _("Which treatment?")

    @property
    def which_page(self) -> str:
        """Addresses are read too, so the page has one for each."""
        return "public.botox_or_filler" if self.is_named else "public.which_treatment"

    def service(self, kind: ServiceKind, name: str) -> str:
        """A service as the public reads it: by the clinic's own name for it, if that may be."""
        if self.is_named or not NAMES.search(name):
            return name
        if kind == ServiceKind.COMBINED:
            return self.with_filler
        if kind == ServiceKind.TOXIN:
            return self.against_sweating if SWEATING.search(name) else self.title
        return self.text(name)

    def text(self, written: str) -> str:
        """A text that the clinic wrote, without the names that it must not advertise."""
        return written if self.is_named else NAMES.sub(self.name, written)


def medicine() -> Medicine:
    """As this clinic may call it."""
    return of_clinic(every_site())


def of_clinic(sites: Sequence[SiteCard]) -> Medicine:
    """The same with the sites at hand; an empty database has no leave to name anything."""
    return Medicine(bool(sites) and sites[0].clinic.profile.names_brand)
