"""What a list of cases is narrowed to, and how the address of a page carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from gis.cases.model import State
from gis.cases.queues import Order
from gis.cases.screen import QUEUE_COLUMNS, SOURCES
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_
from gis.worktime.model import Lamp

WORDS_MOST, WORD_LETTERS, PICKED_MOST = 6, 2, 100
"""Words of a search, letters of a word at least, values of one filter at most."""
QUERY_MOST = 2_000
_COLUMNS = frozenset(column.id for column in QUEUE_COLUMNS)


class Show(StrEnum):
    """Which part of their life the cases are in."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """
    What a list is narrowed to; an empty field does not narrow.

    By deadline only open cases stand in order, and only theirs have a lamp: both wishes show
    open cases, whatever `show` says.
    """

    words: tuple[str, ...] = ()
    """Each must be found in number, text, place, class or people; small letters."""
    areas: tuple[str, ...] = ()
    """Codes of district, street, community or cell; below one of them."""
    states: tuple[State, ...] = ()
    classes: tuple[str, ...] = ()
    """Edition, first letter of the kind, code: `2013e0110`."""
    departments: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    first: date | None = None
    """First day of reporting, in the district."""
    last: date | None = None
    lamp: Lamp | None = None
    show: Show = Show.OPEN
    order: Order = Order.DUE
    columns: tuple[str, ...] = field(default=(), compare=False)
    """Chosen columns; empty: all. They change nothing of what is found."""

    @property
    def only_open(self) -> bool:
        """Whether nothing but open cases can be in the list."""
        return self.show is Show.OPEN or self.order is Order.DUE or self.lamp is not None

    @property
    def only_ended(self) -> bool:
        """Whether nothing but ended cases can be in the list."""
        return self.show is Show.ENDED and not self.only_open


class _Wrong(ValueError):
    """A value that no list can be narrowed by; says the rule."""


def _words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(text.replace("\x00", " ").lower().split()))
    if len(words) > WORDS_MOST:
        raise _Wrong(N_("At most {most} words are searched for at once."))
    if any(len(word) < WORD_LETTERS for word in words):
        raise _Wrong(N_("A word to search for has at least {letters} letters."))
    if len(text) > 200:
        raise _Wrong(N_("A search has at most 200 letters."))
    return words


def _several(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    def read_all(text: str) -> tuple[Any, ...]:
        parts = [part for part in text.split(",") if part]
        if len(parts) > PICKED_MOST:
            raise _Wrong(N_("At most {picked} values of one kind can be chosen."))
        return tuple(dict.fromkeys(read(part) for part in parts))

    return read_all


def _code(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) in (4, 6, 9, 12, 15)):
        raise _Wrong(N_("“{value}” is no code of an area."))
    return text


def _class(text: str) -> str:
    if not (text.isascii() and text.isalnum() and len(text) <= 20):
        raise _Wrong(N_("“{value}” is no class."))
    return text


def _department(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _Wrong(N_("“{value}” is no department."))
    return int(text)


def _source(text: str) -> str:
    if text not in SOURCES:
        raise _Wrong(N_("“{value}” is no source."))
    return text


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1990 <= day.year <= 2200:
        raise _Wrong(N_("“{value}” is no day between 1990 and 2200."))
    return day


def _column(text: str) -> str:
    if text not in _COLUMNS:
        raise _Wrong(N_("“{value}” is no column."))
    return text


_READ: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "q": ("words", _words),
    "area": ("areas", _several(_code)),
    "state": ("states", _several(State)),
    "class": ("classes", _several(_class)),
    "department": ("departments", _several(_department)),
    "source": ("sources", _several(_source)),
    "from": ("first", _day),
    "to": ("last", _day),
    "lamp": ("lamp", Lamp),
    "show": ("show", Show),
    "order": ("order", Order),
    "columns": ("columns", _several(_column)),
}
"""Name in the address → field and how it is read."""
NAMES: Final = tuple(_READ)


def filter_from(given: Mapping[str, str]) -> CaseFilter:
    """
    The filter that an address carries; names of other things in it are left alone.

    Ended cases have no deadline to stand in order by: with them the newest stand first.

    Raises
    ------
    Invalid
        Names every value that cannot be read, with the rule.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, (to, read) in _READ.items():
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            values[to] = read(text)
        except _Wrong as wrong:
            faults.append(_fault(name, str(wrong), text))
        except ValueError:
            faults.append(_fault(name, N_("“{value}” cannot be chosen here."), text))
    first, last = values.get("first"), values.get("last")
    if first and last and first > last:
        faults.append(fault("to", N_("The last day lies before the first.")))
    if faults:
        raise Invalid(N_("The list cannot be narrowed this way."), faults=faults)
    wanted = CaseFilter(**values)
    if wanted.show is not Show.OPEN and wanted.order is Order.DUE:
        return replace(wanted, order=Order.NEWEST)
    return wanted


def _fault(name: str, rule: str, text: str) -> Fault:
    return fault(
        name, rule, value=text[:40], most=WORDS_MOST, letters=WORD_LETTERS, picked=PICKED_MOST
    )


def params_of(wanted: CaseFilter) -> dict[str, str]:
    """The filter as the address carries it; what is as usual is left out."""
    usual = CaseFilter()
    params = {}
    for name, (to, _read) in _READ.items():
        value = getattr(wanted, to)
        if value != getattr(usual, to):
            between = " " if name == "q" else ","
            params[name] = between.join(map(str, value)) if isinstance(value, tuple) else str(value)
    return params


def query_of(wanted: CaseFilter) -> str:
    """The filter as one text, to be kept and to be written into files."""
    return urlencode(params_of(wanted))


def filter_of_query(query: str) -> CaseFilter:
    """
    The filter of a kept text.

    Raises
    ------
    Invalid
        When it is too long or cannot be read any more.
    """
    if len(query) > QUERY_MOST:
        raise Invalid(N_("The list cannot be narrowed this way."))
    return filter_from(dict(parse_qsl(query)))


def without(wanted: CaseFilter, name: str) -> CaseFilter:
    """The filter without what one name of the address narrows."""
    to = _READ[name][0]
    return replace(wanted, **{to: getattr(CaseFilter(), to)})
