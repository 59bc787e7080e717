"""What comes with a move: the fields of the move table, checked and typed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from gis.cases.intake_rules import PHOTOS_MOST, faults_of_photos, faults_of_text
from gis.cases.records import is_case_number
from gis.cases.workflow import FIELDS
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_


class FieldKind(StrEnum):
    """How a field is asked for and read."""

    TEXT = "text"
    PHOTOS = "photos"
    SUPERVISOR = "supervisor"
    DEPARTMENT = "department"
    CONDITION = "condition"
    CASE = "case"
    DATE = "date"
    CHOICE = "choice"
    YES = "yes"
    FILES = "files"
    DEPARTMENTS = "departments"
    CONDITIONS = "conditions"
    ANSWERS = "answers"
    COLLEAGUE = "colleague"


KINDS: Final[Mapping[str, FieldKind]] = {
    "text": FieldKind.TEXT,
    "reason_code": FieldKind.CHOICE,
    "reason": FieldKind.TEXT,
    "reason_evidence": FieldKind.TEXT,
    "note": FieldKind.TEXT,
    "photo": FieldKind.PHOTOS,
    "photo_before": FieldKind.PHOTOS,
    "photo_after": FieldKind.PHOTOS,
    "evidence": FieldKind.PHOTOS,
    "files": FieldKind.FILES,
    "supervisor": FieldKind.SUPERVISOR,
    "department": FieldKind.DEPARTMENT,
    "assistants": FieldKind.DEPARTMENTS,
    "condition": FieldKind.CONDITION,
    "target_case": FieldKind.CASE,
    "until": FieldKind.DATE,
    "resume_on": FieldKind.DATE,
    "result": FieldKind.CHOICE,
    "asked_by_reporter": FieldKind.YES,
    "checks": FieldKind.CONDITIONS,
    "answers": FieldKind.ANSWERS,
    "handler": FieldKind.COLLEAGUE,
}
"""Every field a move of an existing case can bring."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"result": ("valid", "invalid")}
"""The words a choice field knows; those of `reason_code` depend on the move."""

_APART = frozenset({"reason_evidence"})
"""Texts that stand by themselves in the history, not in its note."""
LIST_MOST = 50
"""Entries of a list that comes with a move."""

_ATTACHED = (FieldKind.PHOTOS, FieldKind.FILES)
_NUMBER = re.compile(r"[0-9]{1,18}")
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
"""Days outside are slips of the hand; the last days of the calendar have no midnight after them."""


def read_fields(sent: Mapping[str, object]) -> dict[str, Any]:
    """
    The fields of a move as Python values; empty ones are left out.

    Ids and conditions become int, dates `date`, photos a list of hashes. Text
    stays as it came.

    Raises
    ------
    Invalid
        With one fault per field that is unknown or cannot be read.
    """
    read: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in sent.items():
        kind = KINDS.get(name)
        if kind is None:
            faults.append(fault(name, N_("A move has no field of this name.")))
        elif not _empty(value):
            try:
                read[name] = _READERS[kind](name, value)
            except (ValueError, TypeError):
                faults.append(fault(name, _WRONG[kind]))
            else:
                faults += _faults_of(name, kind, read[name])
    if faults:
        raise Invalid(
            N_("The move cannot be made as it was sent. Put right what is marked."), faults=faults
        )
    return read


def words_of(fields: Mapping[str, Any]) -> str:
    """The free text of a move: what the history shows as its note."""
    return "\n".join(str(fields[name]) for name in ("reason", "note", "text") if name in fields)


def data_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The other fields of a move, as the history keeps them; photos are attachments."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
        if name in _APART or KINDS[name] not in (FieldKind.TEXT, *_ATTACHED)
    }


def photo_fields(fields: Mapping[str, Any]) -> list[str]:
    """The names of the fields that hold photos."""
    return [name for name in fields if KINDS[name] is FieldKind.PHOTOS]


def file_fields(fields: Mapping[str, Any]) -> list[str]:
    """The names of the fields that hold attachments which are no photos of the place."""
    return [name for name in fields if KINDS[name] is FieldKind.FILES]


def faults_of_step(photos: Sequence[str], files: Sequence[str]) -> Iterator[Fault]:
    """What is wrong about all attachments of one step together."""
    every = (*photos, *files)
    if len(set(every)) < len(every):
        yield fault("photo", N_("The same photo was sent twice in one step."))
    if len(every) > PHOTOS_MOST:
        yield fault(
            "files",
            N_("{count} photos and files came with one step; {most} are possible."),
            count=len(every),
            most=PHOTOS_MOST,
        )


def _empty(value: object) -> bool:
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, list | tuple | dict) and not value


def _faults_of(name: str, kind: FieldKind, value: Any) -> Iterator[Fault]:
    if kind is FieldKind.TEXT:
        yield from faults_of_text(name, value)
    elif kind in _ATTACHED:
        yield from faults_of_photos(name, value)


def _text(_name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _photos(_name: str, value: object) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise TypeError
    return [str(v) for v in value]


def _whole(_name: str, value: object) -> int:
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        raise ValueError
    return int(str(value))


def _case_number(_name: str, value: object) -> str:
    number = str(value).strip()
    if not is_case_number(number):
        raise ValueError
    return number


def _date(_name: str, value: object) -> date:
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError
    return day


def _choice(name: str, value: object) -> str:
    if not isinstance(value, str) or value not in CHOICES.get(name, (value,)):
        raise ValueError
    return value


def _whole_numbers(name: str, value: object) -> list[int]:
    if not isinstance(value, list | tuple) or len(value) > LIST_MOST:
        raise TypeError
    return sorted({_whole(name, one) for one in value})


def _answers(_name: str, value: object) -> dict[str, object]:
    """Checked against the questions of the class by the command."""
    if not isinstance(value, dict) or len(value) > LIST_MOST:
        raise TypeError
    return {str(question): answer for question, answer in value.items()}


def _yes(_name: str, value: object) -> bool:
    if value is not True:
        raise ValueError
    return True


_READERS: Final[Mapping[FieldKind, Callable[[str, object], Any]]] = {
    FieldKind.TEXT: _text,
    FieldKind.PHOTOS: _photos,
    FieldKind.FILES: _photos,
    FieldKind.SUPERVISOR: _whole,
    FieldKind.DEPARTMENT: _whole,
    FieldKind.CONDITION: _whole,
    FieldKind.CASE: _case_number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES: _yes,
    FieldKind.DEPARTMENTS: _whole_numbers,
    FieldKind.CONDITIONS: _whole_numbers,
    FieldKind.ANSWERS: _answers,
    FieldKind.COLLEAGUE: _whole,
}
_WRONG: Final[Mapping[FieldKind, str]] = {
    FieldKind.TEXT: N_("This is text."),
    FieldKind.PHOTOS: N_("This is a list of photos that were sent before."),
    FieldKind.FILES: N_("This is a list of files that were sent before."),
    FieldKind.SUPERVISOR: N_("Choose a supervisor from the list."),
    FieldKind.DEPARTMENT: N_("Choose a department from the list."),
    FieldKind.CONDITION: N_("Choose a condition from the list."),
    FieldKind.CASE: N_("Write a case number such as 110101001-261122-0007."),
    FieldKind.DATE: N_("Write a date such as 2026-11-30."),
    FieldKind.CHOICE: N_("Choose one of the words offered."),
    FieldKind.YES: N_("Tick it or leave it out."),
    FieldKind.DEPARTMENTS: N_("Choose departments from the list."),
    FieldKind.CONDITIONS: N_("This is a list of condition numbers."),
    FieldKind.ANSWERS: N_("This is an object: a question and its answer."),
    FieldKind.COLLEAGUE: N_("Choose a person of the department from the list."),
}

NAMES_OF_FIELDS: Final = frozenset(FIELDS) | frozenset(KINDS)
"""Every field that any move knows, for tests of completeness."""
