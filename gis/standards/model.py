"""Rows of the code tables."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from gis.errors import Term

EDITIONS: Final = ("2007", "2013", "2026")
"""Editions of the component and event classes, oldest first."""

DEFAULT_EDITION: Final = "2013"
"""Edition of a district that has not set its own."""


class Kind(StrEnum):
    """What a case is about: an object in the street or something that happens there."""

    COMPONENT = "component"
    EVENT = "event"


class Confidence(StrEnum):
    """How far a row can be trusted; only `sourced` may be shown without a mark."""

    SOURCED = "sourced"
    INFERRED = "inferred"
    RECALLED = "recalled"
    PROPOSED = "proposed"
    NOT_OBTAINED = "not_obtained"

    @property
    def label(self) -> Term:
        """The mark for people."""
        return _CONFIDENCE[self]


_CONFIDENCE: Final = {
    Confidence.SOURCED: Term("有出处", "sourced"),
    Confidence.INFERRED: Term("推断", "inferred"),
    Confidence.RECALLED: Term("待核对", "recalled, not checked"),
    Confidence.PROPOSED: Term("本系统建议", "proposed by this system"),
    Confidence.NOT_OBTAINED: Term("未获得", "not obtained"),
}


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A component or event class (部件、事件小类) of one edition."""

    kind: Kind
    edition: str
    code: str
    class_code: str
    class_name: Term
    name: Term
    code_2026: str | None
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class HandlingRule:
    """One filing condition of a class with its time limit and closing condition."""

    id: int
    kind: Kind
    edition: str
    code: str
    condition_no: int
    filing_condition: Term
    """Both languages show the English wording where no Chinese one is stored."""
    limit_value: Decimal
    limit_unit: str
    """A unit of `gis.worktime.rules.Unit`."""
    closing_condition: Term
    scope: str
    """Whose rule it is: `city:yuncheng`, `default` …; never the national table."""
    source: str
    confidence: Confidence
    borrowed: bool = False
    """Taken from the same class in another edition, or the default: marked on screen."""

    def as_borrowed(self) -> "HandlingRule":
        """The same rule where it stands in for one that the class does not have."""
        weak = self.confidence is not Confidence.PROPOSED
        confidence = Confidence.INFERRED if weak else self.confidence
        return replace(self, confidence=confidence, borrowed=True)


@dataclass(frozen=True, slots=True)
class CodeValue:
    """An entry of any other code list."""

    list: str
    edition: str
    code: str
    parent_code: str | None
    name: Term
    colour: str | None
    """`#RRGGBB` of the standard, where it has one."""
    source: str
    confidence: Confidence
