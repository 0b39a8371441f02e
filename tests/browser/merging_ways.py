"""How to get to the pages on which a manager puts two records together."""

from __future__ import annotations

from clinic.accounts.models import PatientLink
from clinic.journey import merge
from tests.browser.demo import TESTER, Demo
from tests.browser.ways import Way
from tests.factories import make_patient

BECAUSE = "She came to the desk with her passport: the second surname is her married name."


def record(name: str, more: str = "") -> Way:
    return lambda demo: f"/manage/records/{demo.patient(name).public_id}{more}"


def compare(kept: str, replaced: str) -> Way:
    def way(demo: Demo) -> str:
        other = demo.patient(replaced).public_id
        return f"/manage/records/{demo.patient(kept).public_id}/compare?other={other}"

    return way


def _linked(demo: Demo) -> PatientLink:
    kept = demo.patient("Clara Voss")
    again = make_patient(name="Clara Voss-Ahrens", born_on=kept.born_on, email=None)
    return merge.records(again, kept, BECAUSE, actor=TESTER)


def merged(demo: Demo) -> str:
    return f"/manage/merges/{_linked(demo).public_id}"


def taken_back(demo: Demo) -> str:
    link = _linked(demo)
    merge.undo(link, actor=TESTER)
    return f"/manage/merges/{link.public_id}"


def at_the_desk(demo: Demo) -> str:
    return f"/desk/patients/{_linked(demo).kept.public_id}"
