"""The reasons that a move offers to choose from (`data/cases/reasons.csv`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from gis.cases.model import Move
from gis.errors import Invalid, Term, fault
from gis.i18n import N_
from gis.standards.csvfile import DATA, read_table

OTHER: Final = "other"
"""The entry of every list that asks for words."""
_NONE: Final[Mapping[str, "Reason"]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of a move's list."""

    move: Move
    code: str
    name: Term
    origin: str
    confidence: str


def read_reasons(folder: Path = DATA) -> dict[Move, dict[str, Reason]]:
    """
    The lists by move, in the order of the file.

    Raises
    ------
    ValueError
        When a list lacks the entry that asks for words, or a move is unknown.
    """
    lists: dict[Move, dict[str, Reason]] = {}
    for row in read_table("cases/reasons", ["move", "code"], folder=folder):
        move = Move(row["move"])
        name = Term(row["name_zh"], row["name_en"])
        entry = Reason(move, row["code"], name, row["origin"], row["confidence"])
        lists.setdefault(move, {})[entry.code] = entry
    closed = sorted(move for move, reasons in lists.items() if OTHER not in reasons)
    if closed:
        msg = f"data/cases/reasons.csv: no “{OTHER}” for {', '.join(closed)}"
        raise ValueError(msg)
    return lists


_read = cache(read_reasons)


def reasons_of(move: Move) -> Mapping[str, Reason]:
    """The reasons a move offers, by code; empty where only words are asked."""
    return _read().get(move, _NONE)


def reason_name(move: Move, code: str) -> Term:
    """What a stored code is called; a code that has left the list stands for itself."""
    found = reasons_of(move).get(code)
    return found.name if found else Term(code, code)


def check_reason(move: Move, fields: Mapping[str, Any]) -> None:
    """
    A code that was sent belongs to the list of the move.

    Raises
    ------
    Invalid
        Names the codes there are.
    """
    code = fields.get("reason_code")
    if code is None or code in reasons_of(move):
        return
    message = N_("“{code}” is no reason for this move; there are: {known}.")
    said = {"code": str(code)[:40], "known": ", ".join(reasons_of(move)) or "-"}
    raise Invalid(message, faults=[fault("reason_code", message, **said)], **said)


def is_said(fields: Mapping[str, Any]) -> bool:
    """Whether a reason from the list says enough without words."""
    return fields.get("reason_code") not in (None, OTHER)
