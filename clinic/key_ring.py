"""The key ring: named keys outside the database, which wrap the data keys of the patients.

A ring comes from the environment and then stays as it is, or from the file `keys` in the instance
folder and then follows it: `flask keys rotate` changes that file while the app runs.
"""

from __future__ import annotations

import base64
import logging
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
NAME = re.compile(r"[^\x00-\x20\x7f:,]{1,60}")

log = logging.getLogger("clinic.key_ring")


class KeyRingError(ValueError):
    """The key ring is missing, malformed or lacks a key. The text says which, never a key."""


class SealBroken(RuntimeError):
    """A sealed value did not open: wrong key, or moved or changed bytes."""

    def __init__(self, where: str) -> None:
        super().__init__(f"sealed value did not open: {where}")
        self.where = where


def encrypt(key: bytes, plain: bytes, where: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, where.encode())


def decrypt(key: bytes, blob: bytes, where: str) -> bytes:
    try:
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], where.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(where) from error


@dataclass(frozen=True)
class KeyRing:
    """Named 256-bit keys; the first wraps new data keys, all of them unwrap."""

    keys: dict[str, bytes] = field(repr=False)  # a traceback or a log may show a ring

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read lines of `name:base64`, newest first. Raises `KeyRingError`."""
        keys: dict[str, bytes] = {}
        for number, line in enumerate(text.replace(",", "\n").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, key = _read_line(line, number)
            if name in keys:
                raise KeyRingError(f"line {number} of the key ring has the name of an earlier line")
            keys[name] = key
        if not keys:
            raise KeyRingError("the key ring holds no key")
        return cls(keys)

    @staticmethod
    def fresh_line(name: str) -> str:
        if not NAME.fullmatch(name):
            raise KeyRingError("name a key with 1 to 60 characters, without space, colon, comma")
        return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"

    def now(self) -> KeyRing:
        """This ring: one from the environment stays as it is."""
        return self

    @property
    def current(self) -> str:
        return next(iter(self.keys))

    def seal(self, plain: bytes, where: str) -> bytes:
        """Seal under the ring itself: for what belongs to no patient. Keeps the key's name."""
        return prefix(self.current) + encrypt(self.keys[self.current], plain, where)

    def open(self, blob: bytes, where: str) -> bytes:
        length = blob[0] if blob else 0
        name = blob[1 : 1 + length].decode(errors="replace")
        if name not in self.keys:
            raise SealBroken(f"{where} (no key named {name} in the ring)")
        return decrypt(self.keys[name], blob[1 + length :], where)


def prefix(name: str) -> bytes:
    """What every value sealed under the key *name* of a ring begins with."""
    encoded = name.encode()
    return bytes([len(encoded)]) + encoded


def _read_line(line: str, number: int) -> tuple[str, bytes]:
    name, _, encoded = line.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:  # its cause would show a part of what was read
        raise KeyRingError(f"line {number} of the key ring is not base64") from None
    if len(key) != KEY_BYTES or not name:
        raise KeyRingError(f"line {number} of the key ring is not a name and 32 bytes")
    if not NAME.fullmatch(name) or len(name.encode()) > 60:
        raise KeyRingError(f"line {number} of the key ring has a name that no key may have")
    return name, key


class KeyFile:
    """The ring of a file, read again at the first use after the file has changed.

    What is broken or open to others is told in the log, and the ring read before stays in use: a
    slip of the pen must not close the clinic.
    """

    def __init__(self, path: Path) -> None:
        """Raises `KeyRingError` when the file cannot be used at the start."""
        self.path = path
        self._ring, self._seen = _read(path)

    def now(self) -> KeyRing:
        try:
            seen: object = _mark(os.stat(self.path))
        except OSError as error:
            seen = type(error).__name__
        if seen != self._seen:
            self._follow(seen)
        return self._ring

    def _follow(self, seen: object) -> None:
        try:
            self._ring, self._seen = _read(self.path)
        except KeyRingError as error:
            self._seen = seen  # told once for each state of the file
            log.error("the ring read before stays in use: %s", error)


def _mark(status: os.stat_result) -> tuple[int, ...]:
    """What differs once a file was written, replaced, or opened to others."""
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)


def _read(path: Path) -> tuple[KeyRing, object]:
    """The ring of a file and the state of the file that it was read from."""
    try:
        with path.open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRingError(
            f"the key file cannot be read ({type(error).__name__}); put it back from its backup"
        ) from None
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyRingError(f"{path.name} can be read by others; run: chmod 600 {path}")
    return KeyRing.parse(text), _mark(status)


def write(path: Path, text: str) -> None:
    """Replace the key file whole or not at all, for its owner's eyes alone."""
    KeyRing.parse(text)  # never put down what the app could not read
    before = path.stat()
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if before.st_uid != os.geteuid():  # root at work on the file of the clinic's own user
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.rename(new, path)
    finally:
        new.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """The new name of a file survives a power cut once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
