"""A clinic written down as YAML (docs/settings.md): read, checked whole, told what is wrong.

Nothing is guessed: an unknown key, a missing one or a value out of range is a `Problem` with the
place it stands at, and no part of a file with problems is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import yaml

from clinic.accounts.models import CredentialKind
from clinic.catalogue.rules import Minutes, ServiceKind, together
from clinic.jurisdiction.rules import Profile
from clinic.permissions import STAFF, Role

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STRETCH = re.compile(r"^(\d{2}):(\d{2})-(\d{2}):(\d{2})$")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MIDNIGHT = 24 * 60


class BadFile(ValueError):
    """The file is refused; *problems* are lines like "services[0].price: enter a number"."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


Stretch = tuple[int, int, int]  # weekday, opening and closing minute


@dataclass(frozen=True)
class Credential:
    kind: CredentialKind
    reference: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    roles: frozenset[Role]
    about: str
    credentials: tuple[Credential, ...]
    hours: tuple[Stretch, ...]


@dataclass(frozen=True)
class ClinicFile:
    clinic: Mapping[str, Any]
    profile: Profile
    site: Mapping[str, Any]
    hours: tuple[Stretch, ...]
    rooms: tuple[tuple[str, tuple[ServiceKind, ...]], ...]
    services: tuple[Mapping[str, Any], ...]
    staff: tuple[Person, ...]


@dataclass
class _Reader:
    """Collects problems while it reads, so that all are told at once."""

    problems: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def mapping(self, value: Any, where: str, needed: str, allowed: str = "") -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(where, f"write keys and values ({needed or allowed})")
            return {}
        known = {*needed.split(), *allowed.split()}
        for key in value:
            if key not in known:
                self.wrong(f"{where}.{key}", f"unknown key; known are {', '.join(sorted(known))}")
        for key in needed.split():
            if value.get(key) in (None, "", [], {}):
                self.wrong(f"{where}.{key}", "is missing")
        return value

    def listing(self, value: Any, where: str) -> Iterator[tuple[str, Any]]:
        if not isinstance(value, list) or not value:
            self.wrong(where, "write a list with at least one entry")
            return
        for number, entry in enumerate(value):
            yield f"{where}[{number}]", entry

    def text(self, value: Any, where: str, longest: int = 200) -> str:
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
            self.wrong(where, f"write a text of at most {longest} characters")
            return ""
        if CONTROL.search(value.strip()):
            self.wrong(where, "write it on one line, without control characters")
        return value.strip()

    def short_text(self, row: Mapping[str, Any], key: str, where: str, longest: int) -> str:
        """A text that may be missing or a number; empty then, or its digits. Lines are joined."""
        value = row.get(key)
        joined = "" if value is None else " ".join(str(value).split())
        return self.text(joined, f"{where}.{key}", longest) if joined else ""

    def number(self, value: Any, where: str, lowest: int, highest: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.wrong(where, f"write a whole number from {lowest} to {highest}")
            return lowest
        return value

    def yes_or_no(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            self.wrong(where, "write true or false")
        return value is True

    def day(self, value: Any, where: str) -> date:
        if type(value) is not date:  # a date with a time of day is one too
            self.wrong(where, "write a date like 2027-12-31")
            return date.min
        return value

    def code(self, value: Any, where: str, codes: Callable[[Any], Any], known: Any) -> Any:
        try:
            return codes(value)
        except ValueError:
            self.wrong(where, f"allowed are {', '.join(sorted(known))}")
            return None

    def once_each(self, values: Sequence[Any], where: str) -> None:
        for value in sorted({value for value in values if value and values.count(value) > 1}):
            self.wrong(where, f"{value} stands twice")


def read(text: str | bytes) -> ClinicFile:
    """The file's content, checked. Raises `BadFile`."""
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise BadFile([f"not YAML: {error}"]) from error
    reader = _Reader()
    top = reader.mapping(raw, "file", "clinic site hours rooms services staff")
    result = ClinicFile(
        clinic=_clinic(reader, top.get("clinic")),
        profile=_profile(reader, top.get("clinic")),
        site=_site(reader, top.get("site")),
        hours=_hours(reader, top.get("hours"), "hours"),
        rooms=tuple(_rooms(reader, top.get("rooms"))),
        services=tuple(_services(reader, top.get("services"))),
        staff=tuple(_staff(reader, top.get("staff"))),
    )
    _together(reader, result)
    if reader.problems:
        raise BadFile(reader.problems)
    return result


def _clinic(reader: _Reader, value: Any) -> dict[str, Any]:
    allowed = "currency cancel_notice_hours offer_minutes names_brand regulator"
    allowed += " emergency_number helpline"
    row = reader.mapping(value, "clinic", "name", allowed)
    currency = str(row.get("currency", "GBP"))
    if not re.fullmatch(r"[A-Z]{3}", currency):
        reader.wrong("clinic.currency", "write three letters like GBP or EUR")
    return {
        "name": reader.text(row.get("name"), "clinic.name", 120),
        "currency": currency,
        "cancel_notice_hours": reader.number(
            row.get("cancel_notice_hours", 24), "clinic.cancel_notice_hours", 0, 336
        ),
        "offer_minutes": reader.number(
            row.get("offer_minutes", 30), "clinic.offer_minutes", 5, 1440
        ),
        "emergency_number": _dialled(reader, row),
        "helpline": reader.short_text(row, "helpline", "clinic", 200) or None,
    }


def _profile(reader: _Reader, row: Any) -> Profile:
    """What public pages may say; the rest of the profile is the strictest until a manager knows
    better."""
    given = row if isinstance(row, Mapping) else {}
    return Profile(
        names_brand=reader.yes_or_no(given.get("names_brand", False), "clinic.names_brand"),
        regulator=reader.short_text(given, "regulator", "clinic", 300) or None,
    )


def _dialled(reader: _Reader, row: Mapping[str, Any]) -> str | None:
    """A number to dial. None where the file has none: the page then names no number."""
    text = reader.short_text(row, "emergency_number", "clinic", 20)
    if text and not re.fullmatch(r"\+?[0-9][0-9 ]*", text, re.ASCII):
        reader.wrong("clinic.emergency_number", "write a number to dial, like 112")
    return text or None


def _site(reader: _Reader, value: Any) -> dict[str, Any]:
    row = reader.mapping(value, "site", "name address zone phone email")
    if str(row.get("zone")) not in available_timezones():
        reader.wrong("site.zone", "write a time zone like Europe/London")
    longest = {"name": 120, "address": 300, "zone": 60, "phone": 40, "email": 254}
    return {key: reader.text(row.get(key), f"site.{key}", most) for key, most in longest.items()}


def _hours(reader: _Reader, value: Any, where: str) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for name, stretches in reader.mapping(value, where, "", " ".join(WEEKDAYS)).items():
        if name not in WEEKDAYS:
            continue
        texts = [stretches] if isinstance(stretches, str) else stretches
        for place, text in reader.listing(texts, f"{where}.{name}"):
            match = STRETCH.match(str(text))
            opens, closes = _minutes(match) if match else (1, 0)
            if not 0 <= opens < closes <= MIDNIGHT:
                reader.wrong(place, 'write a stretch like "09:00-12:30"; 24:00 is midnight')
                continue
            found.append((WEEKDAYS.index(name), opens, closes))
    return tuple(found)


def _minutes(match: re.Match[str]) -> tuple[int, int]:
    a, b, c, d = (int(part) for part in match.groups())
    if b > 59 or d > 59:
        return 1, 0
    return a * 60 + b, c * 60 + d


def _rooms(reader: _Reader, value: Any) -> Iterator[tuple[str, tuple[ServiceKind, ...]]]:
    for where, entry in reader.listing(value, "rooms"):
        row = reader.mapping(entry, where, "name hosts")
        kinds = [
            reader.code(kind, place, ServiceKind, ServiceKind)
            for place, kind in reader.listing(row.get("hosts"), f"{where}.hosts")
        ]
        reader.once_each(kinds, f"{where}.hosts")
        yield reader.text(row.get("name"), f"{where}.name", 60), tuple(k for k in kinds if k)


NUMBERS = {
    "minutes": ("duration_minutes", 5, 600, 30),
    "buffer_before": ("buffer_before_minutes", 0, 120, 0),
    "buffer_after": ("buffer_after_minutes", 0, 120, 0),
    "notice_hours": ("notice_hours", 0, 336, 2),
    "horizon_days": ("horizon_days", 1, 365, 60),
    "step": ("step_minutes", 5, 240, 20),
}


COLUMNS = ("duration_minutes", "buffer_before_minutes", "buffer_after_minutes")


def _services(reader: _Reader, value: Any) -> Iterator[dict[str, Any]]:
    for where, entry in reader.listing(value, "services"):
        row = reader.mapping(entry, where, "kind name minutes", "price " + " ".join(NUMBERS))
        service = {
            column: reader.number(row.get(key, usual), f"{where}.{key}", lowest, highest)
            for key, (column, lowest, highest, usual) in NUMBERS.items()
        }
        price = reader.number(row.get("price", 0), f"{where}.price", 0, 100_000)
        yield {
            **service,
            "kind": reader.code(row.get("kind"), f"{where}.kind", ServiceKind, ServiceKind),
            "name": reader.text(row.get("name"), f"{where}.name", 80),
            "price_pence": price * 100,
        }


def _staff(reader: _Reader, value: Any) -> Iterator[Person]:
    for where, entry in reader.listing(value, "staff"):
        row = reader.mapping(entry, where, "name email roles", "about credentials hours")
        roles = [
            reader.code(role, place, _staff_role, STAFF)
            for place, role in reader.listing(row.get("roles"), f"{where}.roles")
        ]
        email = reader.text(row.get("email"), f"{where}.email", 254)
        if email and not EMAIL.fullmatch(email):
            reader.wrong(f"{where}.email", "write an e-mail address")
        yield Person(
            name=reader.text(row.get("name"), f"{where}.name"),
            email=email,
            roles=frozenset(role for role in roles if role),
            about=reader.short_text(row, "about", where, 1000),
            credentials=tuple(_credentials(reader, row.get("credentials", {}), where)),
            hours=_hours(reader, row.get("hours", {}), f"{where}.hours"),
        )


def _staff_role(value: Any) -> Role:
    """Raises `ValueError` for what is no role of the staff."""
    role = Role(value)
    if role not in STAFF:
        raise ValueError(role)
    return role


def _credentials(reader: _Reader, value: Any, where: str) -> Iterator[Credential]:
    place = f"{where}.credentials"
    for name, entry in reader.mapping(value, place, "", " ".join(CredentialKind)).items():
        if name not in list(CredentialKind):
            continue
        row = reader.mapping(entry, f"{place}.{name}", "from until", "reference")
        first = reader.day(row.get("from"), f"{place}.{name}.from")
        last = reader.day(row.get("until"), f"{place}.{name}.until")
        if last < first:
            reader.wrong(f"{place}.{name}.until", "write a date that is not before the first")
        reference = reader.short_text(row, "reference", f"{place}.{name}", 80)
        yield Credential(CredentialKind(name), reference, first, last)


def _together(reader: _Reader, found: ClinicFile) -> None:
    """What only shows when the parts are seen together."""
    emails = [person.email.lower() for person in found.staff]
    for email in sorted({e for e in emails if emails.count(e) > 1}):
        reader.wrong(
            "staff", f"{email} stands twice; everybody signs in with an address of their own"
        )
    reader.once_each([name for name, _kinds in found.rooms], "rooms")
    if not any(service["kind"] == ServiceKind.CONSULTATION for service in found.services):
        reader.wrong("services", "a clinic needs a service of kind consultation")
    _combined(reader, found.services)
    hosted = {kind for _name, kinds in found.rooms for kind in kinds}
    for service in found.services:
        if service["kind"] and service["kind"] not in hosted:
            reader.wrong("rooms", f"no room hosts {service['kind']}")
    # Whoever sees patients can be added on the manager's pages, whoever manages cannot.
    if not any(person.roles & {Role.PHYSICIAN, Role.MANAGER} for person in found.staff):
        reader.wrong("staff", "a clinic needs a physician, or a manager who adds one")


def _combined(reader: _Reader, services: Sequence[Mapping[str, Any]]) -> None:
    """A combined visit is its filler, then its Botox, with the longest buffers of both."""
    minutes: dict[ServiceKind, list[Minutes]] = {}
    for row in services:
        if row["kind"]:
            minutes.setdefault(row["kind"], []).append(Minutes(*(row[key] for key in COLUMNS)))
    needs = together(minutes)
    if needs is None:
        return
    for number, row in enumerate(services):
        if row["kind"] != ServiceKind.COMBINED:
            continue
        where, (lasts, before, after) = f"services[{number}]", (row[key] for key in COLUMNS)
        if lasts != needs.duration:
            parts = f"filler {needs.filler}, then Botox {needs.toxin}"
            reader.wrong(f"{where}.minutes", f"write {needs.duration}: {parts}")
        if before < needs.before:
            reader.wrong(f"{where}.buffer_before", f"write at least {needs.before}, as its parts")
        if after < needs.after:
            reader.wrong(f"{where}.buffer_after", f"write at least {needs.after}, as its parts")
