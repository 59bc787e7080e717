"""Telephone numbers as people say them, as they are kept, and as they are shown."""

import re
import unicodedata

from gis.errors import Fault, fault
from gis.i18n import N_

FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""From a local number to the longest that E.164 allows."""
NAME_MOST = 40
_LONG = 11
"""Digits of a mobile number, or of a fixed one with its area code."""
_HOME = re.compile(r"(?:\+|00)86(?=[0-9]{10,11}$)")
_SPACING = str.maketrans("", "", " -‐‑–—.()（）/\u3000")
_NUMBER = re.compile(rf"\+?[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}")
_DIGITS = re.compile(r"[0-9](?:[ \-‐‑–—.()（）/]*[0-9])*")


def plain_number(typed: str) -> str:
    """
    A number in the one form that is kept: digits, with `+` before a foreign one.

    Full-width digits, spaces, dashes and brackets go; so does the country code
    of China, so that one caller is one caller however the number was typed. What is no number
    comes back as it then stands; `faults_of_number` says so.
    """
    kept = unicodedata.normalize("NFKC", typed).translate(_SPACING)
    return _HOME.sub("", kept)


def faults_of_number(typed: str) -> list[Fault]:
    """What is wrong with a typed number; empty: it can be kept."""
    if _NUMBER.fullmatch(plain_number(typed)):
        return []
    return [
        fault(
            "phone",
            N_("A telephone number has {fewest} to {most} digits; read it back to the caller."),
            fewest=FEWEST_DIGITS,
            most=MOST_DIGITS,
        )
    ]


def masked(number: str) -> str:
    """`13812341234` → `138****1234`; of a short number the last two digits."""
    digits = number.removeprefix("+")
    if len(digits) >= _LONG:
        return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"
    return f"{'*' * (len(digits) - 2)}{digits[-2:]}"


def masked_name(name: str) -> str:
    """`张建国` → `张**`: enough to greet, too little to know."""
    return f"{name[:1]}**" if name else ""


def holds_number(words: str, number: str) -> bool:
    """
    Whether a text gives the number away, however its digits are set apart.

    Texts go into history, trail and exports; the number may not.
    """
    wanted = number.removeprefix("+")
    plain = unicodedata.normalize("NFKC", words)
    runs = ("".join(c for c in run if c.isdigit()) for run in _DIGITS.findall(plain))
    return any(wanted in run for run in runs)


def faults_of_words(name: str, words: str, number: str) -> list[Fault]:
    """The caller's number must not stand in a text that others read."""
    if not holds_number(words, number):
        return []
    return [
        fault(
            name, N_("The caller's number stands in this text. Take it out: it has its own field.")
        )
    ]


def faults_of_name(name: str) -> list[Fault]:
    """A name is short and holds characters only."""
    if len(name) <= NAME_MOST and name.isprintable():
        return []
    return [fault("name", N_("A name has at most {most} characters."), most=NAME_MOST)]
