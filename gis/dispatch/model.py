"""Rules of dispatch and what they propose."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis.errors import Term
from gis.standards.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A department for an area and a class; both are prefixes of codes."""

    id: int
    area_code: str
    """Grid, community, street, district, or empty: everywhere."""
    kind: Kind
    edition: str
    class_code: str
    """Class, main class, or empty: every class of the kind."""
    department_id: int
    valid_from: date
    valid_to: date | None
    """First day on which it does not count any more; None: open end."""
    note: str = ""


class Step(StrEnum):
    """The steps of the order, in which one rule beats another."""

    AREA = "area"
    CLASS = "class"
    NEWEST = "newest"
    LOWEST_ID = "lowest_id"

    @property
    def reason(self) -> Term:
        """Why the winner won at this step, as words."""
        return _REASONS[self]


_REASONS = {
    Step.AREA: Term("适用范围更具体", "it names a smaller area"),
    Step.CLASS: Term("适用类别更具体", "it names a narrower class"),
    Step.NEWEST: Term("生效日期更晚", "it came into force later"),
    Step.LOWEST_ID: Term("各项相同，取编号最小", "all else equal, the lowest id counts"),
}


@dataclass(frozen=True, slots=True)
class Loser:
    """A rule that fits too, and the step at which it lost."""

    rule: Rule
    step: Step


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that decides, and those it beat, the strongest first."""

    rule: Rule
    losers: tuple[Loser, ...]


@dataclass(frozen=True, slots=True)
class Department:
    """A department that can be given work."""

    id: int
    code: str
    kind: str
    name: Term
    area_code: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should act, by which rule and why."""

    department: Department
    rule: Rule
    reason: Term
    losers: tuple[Loser, ...]
    losing_departments: tuple[Department, ...]
    """The department of each loser, in the same order."""
