"""What a visitor learns: which treatment does what, why a consultation first, one page for each."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic import brand
from clinic.catalogue import queries as catalogue
from clinic.catalogue.rules import MODALITIES
from clinic.permissions import public
from clinic.public.rules import KINDS, TreatmentPage, pages_for
from clinic.public.views.blueprint import bp
from clinic.treatment.consent import Part, TextName, text_of
from clinic.treatment.consent_2026_1 import CURRENT


@bp.get("/botox-or-filler")
@public
def botox_or_filler() -> ResponseReturnValue:
    """Lines in motion against lines at rest; where the clinic may name the medicine."""
    return _which("public.botox_or_filler")


@bp.get("/which-treatment")
@public
def which_treatment() -> ResponseReturnValue:
    """The same page under an address without the name."""
    return _which("public.which_treatment")


def _which(endpoint: str) -> ResponseReturnValue:
    page = brand.medicine().which_page
    if page != endpoint:
        return redirect(url_for(page), 302)  # the clinic may change what it names
    return render_template(
        "public/botox_or_filler.html",
        consultation=catalogue.consultation(),
        pages=_pages(),
    )


@bp.get("/why-a-consultation")
@public
def why_a_consultation() -> ResponseReturnValue:
    """What a physician looks for, the eyelid droop, what may be refused, how long a yes lasts."""
    return render_template("public/why_a_consultation.html", consultation=catalogue.consultation())


@bp.get("/treatments")
@public
def treatments() -> ResponseReturnValue:
    """Each treatment that the clinic offers, with its price."""
    offered = catalogue.services()
    return render_template(
        "public/treatments.html",
        consultation=catalogue.consultation(),
        pages=pages_for({service.kind for service in offered}),
        services={page: [s for s in offered if s.kind == kind] for page, kind in KINDS.items()},
    )


@bp.get("/treatments/<code>")
@public
def treatment(code: str) -> ResponseReturnValue:
    """One treatment: benefit, risk, the days after, who should not have it, price, label."""
    offered = catalogue.services()
    pages = pages_for({service.kind for service in offered})
    if code not in pages:
        abort(404)
    page = TreatmentPage(code)
    return render_template(
        f"public/treatments/{page}.html",
        page=page,
        pages=pages,
        consultation=catalogue.consultation(),
        services=[s for s in offered if s.kind == KINDS[page]],
        text=text_of(MODALITIES[KINDS[page]]),
    )


def _pages() -> list[TreatmentPage]:
    return pages_for({service.kind for service in catalogue.services()})


@bp.get("/consent/<text>")
@public
def consent(text: str) -> ResponseReturnValue:
    """What a patient is asked to agree to, ready to read before the treatment visit.

    Every text stays, whatever the clinic offers now: a booked visit may rest on one.
    """
    if text not in list(TextName):
        abort(404)
    name = TextName(text)
    both = (TextName.BOTH, TextName.RELAXING, TextName.FILLER)
    return render_template(
        "public/consent.html",
        name=name,
        names=both if name == TextName.BOTH else (name,),
        consent=CURRENT,
        Part=Part,
    )
