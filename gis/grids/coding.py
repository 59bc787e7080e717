"""
Codes of areas and unit grids, as text, per edition of the standard.

| edition | standard | grid code |
|---|---|---|
| 2005 | CJ/T 213-2005 | 14 digits: 6 county + 3 street + 3 community + 2 serial |
| 2013 | GB/T 30428.1-2013 | 15 digits: 6 + 3 + 3 + 3 |
| 2026 | GB/T 47678.3-2026 | 15 characters, digits or capital letters, split like 2013 |

The codes of a district (6), street (9) and community (12) are the prefixes of the grid code, so
a parent is found by cutting and never by a lookup. The 2005 split is known from memory and from
CJ/T 349-2010; the 2026 rule from one transcription (docs/standards.md says how sure each is).
"""

from dataclasses import dataclass

from gis.errors import Fault, Invalid, fault
from gis.i18n import N_

DISTRICT_LENGTH = 6
STREET_LENGTH = 9
COMMUNITY_LENGTH = 12

LEVEL_LENGTHS = {1: 4, 2: DISTRICT_LENGTH, 3: STREET_LENGTH, 4: COMMUNITY_LENGTH}
"""Length of an area code by level: city, district, street, community."""

_DIGITS = frozenset("0123456789")
_DIGITS_AND_CAPITALS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class Edition:
    """How one edition of the standard writes a unit grid code."""

    name: str
    standard: str
    serial_length: int
    alphabet: frozenset[str]

    @property
    def length(self) -> int:
        """Characters of a whole grid code."""
        return COMMUNITY_LENGTH + self.serial_length

    @property
    def highest_serial(self) -> int:
        """The last serial inside one community; 000 is never given out."""
        return int(10**self.serial_length - 1)


EDITIONS = {
    e.name: e
    for e in (
        Edition("2005", "CJ/T 213-2005", 2, _DIGITS),
        Edition("2013", "GB/T 30428.1-2013", 3, _DIGITS),
        Edition("2026", "GB/T 47678.3-2026", 3, _DIGITS_AND_CAPITALS),
    )
}
DEFAULT_EDITION = "2013"


@dataclass(frozen=True)
class GridCode:
    """A unit grid code taken apart; every part is text with its leading zeros."""

    district_part: str
    street_part: str
    community_part: str
    serial_part: str

    @property
    def district_code(self) -> str:
        """The 6 characters of the district."""
        return self.district_part

    @property
    def street_code(self) -> str:
        """The 9 characters of the street."""
        return self.district_part + self.street_part

    @property
    def community_code(self) -> str:
        """The 12 characters of the community."""
        return self.street_code + self.community_part

    @property
    def text(self) -> str:
        """The whole code."""
        return self.community_code + self.serial_part


def edition_named(name: str) -> Edition:
    """
    The edition called `name`.

    Raises
    ------
    Invalid
        When no such edition is known; the message lists the known ones.
    """
    if name not in EDITIONS:
        raise Invalid(
            N_("{value} is not an edition of the grid code; known: {known}."),
            value=name,
            known=", ".join(EDITIONS),
        )
    return EDITIONS[name]


def code_faults(code: str, edition: str = DEFAULT_EDITION) -> list[Fault]:
    """
    What is wrong with a unit grid code; an empty list when nothing is.

    Checks the length, the characters and that the serial is not all zeros. Whether the community
    exists is not looked up here.
    """
    rule = edition_named(edition)
    faults = []
    if len(code) != rule.length:
        faults.append(
            fault(
                "grid_code",
                N_("{value} has {found} characters; {standard} asks for {length}."),
                value=code,
                found=len(code),
                standard=rule.standard,
                length=rule.length,
            )
        )
    if set(code) - rule.alphabet:
        only_digits = rule.alphabet == _DIGITS
        faults.append(
            fault(
                "grid_code",
                N_("{value} may hold digits only ({standard}).")
                if only_digits
                else N_("{value} may hold digits and capital letters only ({standard})."),
                value=code,
                standard=rule.standard,
            )
        )
    if len(code) == rule.length and not code[COMMUNITY_LENGTH:].strip("0"):
        faults.append(
            fault(
                "grid_code",
                N_("{value} ends in serial {serial}; serials start at 1."),
                value=code,
                serial=code[COMMUNITY_LENGTH:],
            )
        )
    return faults


def check_grid_code(code: str, edition: str = DEFAULT_EDITION) -> str:
    """
    `code` itself when it is a unit grid code of `edition`.

    Raises
    ------
    Invalid
        Naming the value and every rule it breaks.
    """
    faults = code_faults(code, edition)
    if faults:
        raise Invalid(
            N_("{value} is not a grid code of edition {edition}."),
            value=code,
            edition=edition,
            faults=faults,
        )
    return code


def parse_grid_code(code: str, edition: str = DEFAULT_EDITION) -> GridCode:
    """
    Take a unit grid code apart.

    Raises
    ------
    Invalid
        As `check_grid_code`.
    """
    check_grid_code(code, edition)
    return GridCode(
        code[:DISTRICT_LENGTH],
        code[DISTRICT_LENGTH:STREET_LENGTH],
        code[STREET_LENGTH:COMMUNITY_LENGTH],
        code[COMMUNITY_LENGTH:],
    )


def compose_grid_code(community_code: str, serial: int, edition: str = DEFAULT_EDITION) -> str:
    """
    The code of unit grid number `serial` of a community.

    Parameters
    ----------
    community_code
        12 characters of the edition's alphabet.
    serial
        1 up to the highest serial of the edition: 99 in 2005, 999 in 2013 and 2026. The letters
        that 2026 allows are read and checked, but never given out here: no source says how they
        count.
    edition
        Key of `EDITIONS`.

    Raises
    ------
    Invalid
        When the serial does not fit or the community code is wrong.

    Notes
    -----
    Source: GB/T 30428.1-2013 (serial 001-999 inside one community, more is an error).
    """
    rule = edition_named(edition)
    check_area_code(community_code, 4, edition)
    if not 1 <= serial <= rule.highest_serial:
        raise Invalid(
            N_("Serial {serial} in community {community}: {standard} allows 1 to {highest}."),
            serial=serial,
            community=community_code,
            standard=rule.standard,
            highest=rule.highest_serial,
        )
    return check_grid_code(f"{community_code}{serial:0{rule.serial_length}d}", edition)


def check_area_code(code: str, level: int, edition: str = DEFAULT_EDITION) -> str:
    """
    `code` itself when it can be the code of an area of `level` (1 city to 4 community).

    Raises
    ------
    Invalid
        Naming the value, the length wanted and the characters allowed.
    """
    rule = edition_named(edition)
    length = LEVEL_LENGTHS[level]
    if len(code) != length or set(code) - rule.alphabet:
        raise Invalid(
            N_("{value} is not an area code of level {level}: {length} digits are needed."),
            value=code,
            level=level,
            length=length,
        )
    return code


def parents(code: str) -> dict[str, str]:
    """
    District, street and community codes above a grid or area code, by cutting it.

    Only parents that are shorter than `code` are named, so a street code has one parent. Works
    for every edition because all share the first twelve characters.
    """
    levels = (
        ("district_code", DISTRICT_LENGTH),
        ("street_code", STREET_LENGTH),
        ("community_code", COMMUNITY_LENGTH),
    )
    return {name: code[:length] for name, length in levels if len(code) > length}
