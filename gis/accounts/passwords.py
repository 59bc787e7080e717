"""Passwords: the policy and argon2id. Callers limit how many are checked at once."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gis.errors import Invalid, fault
from gis.i18n import N_

LENGTH_LEAST = 12
LENGTH_MOST = 256

_hasher = PasswordHasher()  # argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106's second choice
_NOBODY = _hasher.hash("somebody who is not there")
"""Unknown logins are checked against this, so that they take as long as known ones."""


def check_policy(password: str, login: str) -> None:
    """
    Accept a new password or say what is wrong with it.

    Length counts, composition does not (ASVS 5.0, 6.2.1 and 6.2.5): at least 12 characters,
    not the login, not one character over and over.

    Raises
    ------
    Invalid
        With one fault on `password`.
    """
    words: str | None = None
    if len(password) < LENGTH_LEAST:
        words = N_("A password has at least {least} characters.")
    elif len(password) > LENGTH_MOST:
        words = N_("A password has at most {most} characters.")
    elif login.casefold() in password.casefold() and len(login) * 2 > len(password):
        words = N_("The password is mostly the login. Choose words that nobody would guess.")
    elif len(set(password)) < LENGTH_LEAST // 3:
        words = N_("The password repeats few characters. Choose words that nobody would guess.")
    if words is not None:
        raise Invalid(
            N_("The password cannot be taken."),
            faults=[fault("password", words, least=LENGTH_LEAST, most=LENGTH_MOST)],
        )


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is nothing to compare with."""
    try:
        matches = _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
