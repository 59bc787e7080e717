"""
Sealing what tells who called: AES-256-GCM, with a keyed hash for finding a number again.

A sealed text is `1`, eight characters that name its key, a nonce of 12 bytes, then the cipher
text with its tag. It is bound to what it is and to the row it stands in: moved to another row, or
from name to number, it no longer opens. The hash is HMAC-SHA-256 under a key of its own: equal
numbers are found, and whoever reads only the database cannot try numbers.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gis.errors import Unavailable
from gis.i18n import N_

VERSION = b"1"
KEY_ID_LENGTH = 8
NONCE_BYTES, KEY_BYTES = 12, 32
_HEAD = len(VERSION) + KEY_ID_LENGTH


@dataclass(frozen=True, slots=True)
class Key:
    """One key pair: `seal` closes and opens, `find` makes the hash of a number."""

    id: str
    seal: bytes = field(repr=False)
    find: bytes = field(repr=False)
    made_at: datetime

    @classmethod
    def new(cls, now: datetime) -> "Key":
        """Random, from the operating system."""
        return cls(
            os.urandom(KEY_ID_LENGTH // 2).hex(), os.urandom(KEY_BYTES), os.urandom(KEY_BYTES), now
        )


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of a district; the first one seals, all of them open and find."""

    keys: tuple[Key, ...]

    @property
    def active(self) -> Key:
        """The key that seals from now on."""
        return self.keys[0]

    def lookup(self, number: str) -> bytes:
        """The hash under which a number is kept."""
        return _hash(self.active, number)

    def lookups(self, number: str) -> list[bytes]:
        """Every hash under which a number may have been kept, the newest key's first."""
        return [_hash(key, number) for key in self.keys]

    def seal(self, what: str, words: str, *, row: bytes) -> bytes:
        """Close `words`, the `what` of the caller whose lookup is `row`."""
        nonce = os.urandom(NONCE_BYTES)
        closed = AESGCM(self.active.seal).encrypt(nonce, words.encode(), _bound(what, row))
        return VERSION + self.active.id.encode() + nonce + closed

    def open(self, what: str, sealed: bytes, *, row: bytes) -> str:
        """
        The words again.

        Raises
        ------
        Unavailable
            When no key here fits, or the sealed text was changed or moved.
        """
        key = next((k for k in self.keys if k.id == key_id_of(sealed)), None)
        if key is None:
            raise Unavailable(
                N_(
                    "The key {key} that closed this is not among the keys of this copy. Put the"
                    " file of keys back from its backup."
                ),
                key=key_id_of(sealed),
            )
        body = sealed[_HEAD:]
        try:
            return (
                AESGCM(key.seal)
                .decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(what, row))
                .decode()
            )
        except InvalidTag as error:
            raise Unavailable(
                N_("What was kept about this caller has been changed and cannot be read."),
                detail=f"tag of a sealed {what} does not fit",
            ) from error


def key_id_of(sealed: bytes) -> str:
    """Which key closed a text."""
    return sealed[len(VERSION) : _HEAD].decode("ascii", "replace")


def _hash(key: Key, number: str) -> bytes:
    return hmac.new(key.find, number.encode(), hashlib.sha256).digest()


def _bound(what: str, row: bytes) -> bytes:
    return what.encode() + b"\0" + row


def ring_as_text(ring: KeyRing) -> str:
    """The file of keys."""
    keys = [
        {
            "id": key.id,
            "seal": base64.b64encode(key.seal).decode(),
            "find": base64.b64encode(key.find).decode(),
            "made_at": key.made_at.isoformat(),
        }
        for key in ring.keys
    ]
    return json.dumps({"version": 1, "keys": keys}, indent=1)


def ring_from_text(words: str) -> KeyRing:
    """
    The keys of a file.

    Raises
    ------
    ValueError
        When it is no file of keys.
    """
    try:
        read: list[dict[str, Any]] = json.loads(words)["keys"]
        keys = tuple(
            Key(
                key["id"],
                base64.b64decode(key["seal"], validate=True),
                base64.b64decode(key["find"], validate=True),
                datetime.fromisoformat(key["made_at"]),
            )
            for key in read
        )
    except (KeyError, TypeError) as error:
        msg = f"no file of keys: {error}"
        raise ValueError(msg) from error
    sound = all(
        len(k.id) == KEY_ID_LENGTH and len(k.seal) == len(k.find) == KEY_BYTES for k in keys
    )
    if not keys or not sound:
        msg = "no file of keys: a key is missing or has the wrong length"
        raise ValueError(msg)
    return KeyRing(keys)
