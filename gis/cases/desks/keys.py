"""
The keys of `case_keys` (migration 0004) that a filter asks for, and the windows it looks through.

A list shows the newest cases first and stops when a page is full. The index of keys knows no
order, so it is asked window by window: single days first, then weeks, four weeks, years. A common
word fills its page within the first days; a rare one costs a few dozen short look-ups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from gis.accounts.model import Scope
from gis.cases.desks.filters import CaseFilter

_SIZES: Final = ((364, "Y", 26), (28, "M", 13), (7, "W", 4), (1, "D", 0))
"""Days of a window, the letter of its key, after how many windows it may be used."""
_AREA_LENGTHS: Final = (15, 12, 9, 6)
_AREAS_MOST = 200
_STREET, _STREETS_MOST = 9, 20
_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY: Final = date(1990, 1, 1)
"""No case is older."""


@dataclass(frozen=True, slots=True)
class Named:
    """What bears a word in its name."""

    classes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


def lexeme(key: str) -> str:
    """A key inside a tsquery, whatever its letters."""
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(keys: Iterable[str]) -> str:
    return "(" + " | ".join(keys) + ")"


def _all(keys: Iterable[str]) -> str:
    return "(" + " & ".join(keys) + ")"


def pairs(word: str) -> list[str]:
    """Every two neighbouring letters of a word."""
    return [word[i : i + 2] for i in range(len(word) - 1)]


def number_parts(word: str) -> list[str]:
    """Keys of a word that may be a number or a part of one: `110101001-261122-0007`, `0007`."""
    parts = word.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return []
    return [_number_part(part) for part in parts]


def _number_part(part: str) -> str:
    return f"a{part}" if len(part) in _AREA_LENGTHS and len(part) != 6 else f"n{part}"


def word_keys(word: str, named: Named) -> str:
    """The cases that have a word: in the text, or as the name of a class, a place, a person."""
    found = [_all(lexeme(f"t{pair}") for pair in pairs(word))]
    found += [lexeme(f"k{code}") for code in named.classes]
    found += area_keys(named.areas)
    found += [lexeme(f"p{person}") for person in named.people]
    parts = number_parts(word)
    if parts:
        found.append(_all(lexeme(part) for part in parts))
    return _any(found)


def area_keys(codes: Sequence[str]) -> list[str]:
    """Keys that all cases below some codes have; none where a code is too short to be a key."""
    kept = []
    for code in codes:
        length = next((n for n in _AREA_LENGTHS if n <= len(code)), None)
        if length is None:
            return []
        kept.append(code[:length])
    if len(kept) > _AREAS_MOST:
        kept = [code[:9] if len(code) > 9 else code for code in kept]
    kept = list(dict.fromkeys(kept))
    return [lexeme(f"a{code}") for code in kept] if len(kept) <= _AREAS_MOST else []


def filter_keys(wanted: CaseFilter, scope: Scope, names: Sequence[Named]) -> list[str]:
    """
    Conditions on the keys, all of which hold for every case of the list.

    They narrow what the index reads; the list's own conditions decide.
    """
    one_of = [
        area_keys(scope.prefixes),
        area_keys(wanted.areas),
        [lexeme(f"s{state}") for state in wanted.states],
        [lexeme(f"k{code}") for code in wanted.classes],
        [lexeme(f"v{department}") for department in wanted.departments],
        [lexeme(f"u{source}") for source in wanted.sources],
    ]
    keys = [_any(part) for part in one_of if part]
    if scope.department_id is not None:
        keys.append(lexeme(f"v{scope.department_id}"))
    if wanted.only_open:
        keys.append(lexeme("o"))
    pairs_of_words = zip(wanted.words, names, strict=True)
    return keys + [word_keys(word, named) for word, named in pairs_of_words]


def day_number(moment: datetime) -> int:
    """The day of a moment as the keys count it: whole days of UTC since 1970."""
    return moment.astimezone(UTC).toordinal() - _EPOCH


def windows(
    first: int, last: int, *, newest_first: bool = True, streets: Sequence[str] = ()
) -> list[str]:
    """
    Keys of windows that cover the days `first` to `last` without overlap, in the list's order.

    With `streets` the windows are those streets' own: four weeks, then years; the first and the
    last may then reach beyond the days, and what lies there is left to the conditions.
    """
    found: list[str] = []
    day = last if newest_first else first
    while first <= day <= last:
        size, letter = _size(day, first, last, len(found), newest_first, bool(streets))
        key = f"{letter}{day // size}"
        found.append(_any(lexeme(f"b{one}{key}") for one in streets) if streets else lexeme(key))
        day = day // size * size - 1 if newest_first else (day // size + 1) * size
    return found


def _size(
    day: int,
    first: int,
    last: int,
    used: int,
    newest_first: bool,
    in_streets: bool,  # noqa: FBT001
) -> tuple[int, str]:
    """The largest window that begins or ends at a day; wide ones come after narrow ones."""
    edge = day + 1 if newest_first else day
    room = day - first + 1 if newest_first else last - day + 1
    for size, letter, after in _SIZES:
        if used >= after and edge % size == 0 and size <= room:
            return size, letter
        if in_streets and letter == "M":
            return size, letter
    return _SIZES[-1][:2]


def streets_of(codes: Sequence[str]) -> list[str]:
    """The streets that hold all of some areas; none when one of them is larger or they are many."""
    if not codes or any(len(code) < _STREET for code in codes):
        return []
    streets = list(dict.fromkeys(code[:_STREET] for code in codes))
    return streets if len(streets) <= _STREETS_MOST else []
