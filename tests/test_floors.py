"""The building: imports go downstairs only (house style, section 1).

Read from the code itself, so that a new module needs no entry: a module's floor follows from its
name.
"""

import ast
from pathlib import Path

import pytest

from clinic.config import ROOT

PACKAGE = ROOT / "clinic"

# Ground modules by name; a module that is not listed stands on the roof (wiring, commands).
GROUND = {
    "clock": 0,
    "columns": 1,
    "database": 1,
    "engines": 1,
    "made": 1,
    "permissions": 1,
    "sealing": 1,
    "key_ring": 1,
    "idempotency": 1,
    "config": 0,
    "forms": 4,
    "controls": 4,
    "newcomer": 4,
    "texts": 4,
    "filters": 4,
    "headers": 4,
    "logs": 4,
    "origin": 4,
    "fields": 4,
    "machine": 0,
    "extensions": 1,
    "csv_file": 0,
    "stale": 0,
    "local_times": 4,
    "brand": 4,
}
# Rooms of a feature by file name. What has another name beside them is a noun of its own.
ROOMS = {
    "rules": 0,
    "dates": 0,
    "finding": 0,
    "questionnaire": 0,
    "consent": 0,
    "consent_2026_1": 0,
    "questions": 0,
    "questions_2026_1": 0,
    "questions_2026_2": 0,
    "wishes_2026_2": 0,
    "areas": 0,
    "where": 5,
    "meanings": 0,
    "question_form": 5,
    "earlier_toxin": 5,
    "what_changed": 4,
    "changes": 0,
    "events": 0,
    "models": 1,
    "queries": 3,
    "services": 3,
    "throttle": 3,
    "codes": 3,
    "lookup": 3,
    "same_person": 2,
    "links": 3,
    "claims": 3,
    "contact": 3,
    "tablet": 3,
    "availability": 3,
    "busy": 3,
    "calendar": 3,
    "whose": 3,
    "month": 3,
    "lines": 3,
    "facts": 0,
    "measures": 0,
    "working": 3,
    "pdf": 4,
    "lists": 4,
    "sites": 3,
    "own_sites": 3,
    "site_rights": 3,
    "diary": 3,
    "roster": 3,
    "on_offer": 2,
    "rosters": 3,
    "lacking": 3,
    "names": 3,
    "outside": 3,
    "practitioners": 3,
    "care": 3,
    "alerts": 3,
    "asking": 3,
    "left_open": 3,
    "confirmations": 3,
    "paused": 3,
    "standing": 3,
    "readiness": 0,
    "checklist": 3,
    "arrivals": 3,
    "first_times": 3,
    "overruled": 3,
    "history": 3,
    "refusals": 4,
    "chain": 3,
    "locks": 3,
    "press": 3,
    "calendar_file": 3,
    "picker": 0,
    "decoder": 0,
    "pictures": 3,
    "forms": 5,
    "views": 5,
    "letters": 5,
    "worker": 5,
    "demo": 5,
    "identity": 4,
    "sessions": 3,
    "attempts": 4,
    "factors": 4,
    "kept": 4,
    "staff": 3,
    "words": 4,
    "why": 4,
    "photo_forms": 5,
    "finding_fields": 5,
    "why_words": 4,
}
LOW_SERVICES = {"audit", "notices"}
ROOF = 6
# Feature packages without rooms: wiring that may know everything.
ON_THE_ROOF = {"demo", "proof", "guards", "migrations"}

MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "migrations" not in path.relative_to(PACKAGE).parts
)


def parts_of(module: str) -> list[str]:
    return module.split(".")[1:]


def floor(module: str) -> int:
    parts = parts_of(module)
    if not parts or parts[0] in ON_THE_ROOF:
        return ROOF
    if parts[0] == "journey":
        return 4
    if parts[0] in GROUND and len(parts) == 2:
        return GROUND[parts[0]]
    if len(parts) == 1:
        return GROUND.get(parts[0], ROOF if (PACKAGE / f"{parts[0]}.py").exists() else 0)
    if parts[1] == "services" and parts[0] in LOW_SERVICES:
        return 2
    return ROOMS.get(parts[1], ROOF)


def name_of(path: Path) -> str:
    relative = path.relative_to(ROOT).with_suffix("")
    return ".".join(part for part in relative.parts if part != "__init__")


def imported_by(path: Path) -> list[str]:
    """Every clinic module that a file imports at run time, by full name."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = PACKAGE.parent / Path(*node.module.split(".")) / f"{alias.name}.py"
                folder = inner.with_suffix("")
                is_module = inner.exists() or (folder / "__init__.py").exists()
                found.append(f"{node.module}.{alias.name}" if is_module else node.module)
    return [name for name in found if name.startswith("clinic.")]


@pytest.mark.parametrize("path", MODULES, ids=[name_of(p) for p in MODULES])
def test_a_module_imports_nothing_from_upstairs(path: Path):
    own = name_of(path)

    upstairs = [other for other in imported_by(path) if floor(other) > floor(own)]

    assert upstairs == []


@pytest.mark.parametrize("path", MODULES, ids=[name_of(p) for p in MODULES])
def test_a_service_never_imports_the_service_of_another_feature(path: Path):
    own = name_of(path)
    feature = parts_of(own)[:1]

    sideways = [
        other
        for other in imported_by(path)
        if floor(own) == 3
        and parts_of(other)[1:2] == ["services"]
        and parts_of(other)[:1] != feature
        and floor(other) > 2
    ]

    assert sideways == []


@pytest.mark.parametrize("path", MODULES, ids=[name_of(p) for p in MODULES])
def test_pages_never_import_the_forms_or_views_of_another_feature(path: Path):
    own = name_of(path)
    feature = parts_of(own)[:1]

    borrowed = [
        other
        for other in imported_by(path)
        if floor(own) == 5
        and len(parts_of(other)) > 1
        and parts_of(other)[1] in ("forms", "views")
        and parts_of(other)[:1] != feature
    ]

    assert borrowed == []


def test_the_search_sees_an_import_from_upstairs(tmp_path: Path):
    module = tmp_path / "rules.py"
    module.write_text("from clinic.scheduling import services\nfrom clinic import clock\n")

    assert imported_by(module) == ["clinic.scheduling.services", "clinic.clock"]
    assert floor("clinic.scheduling.services") > floor("clinic.scheduling.rules")
