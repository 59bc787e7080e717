"""Rules of dispatch and what they propose."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gis.dispatch.windows import Window
from gis.errors import Term
from gis.standards.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A case as the rules look at it: where, what, and when."""

    grid_code: str
    kind: Kind | str
    edition: str
    class_code: str
    condition_no: int | None = None
    """The filing condition; None while the case is not filed."""
    at: datetime
    """In the district's zone: the rules know weekdays and hours."""
    on: date | None = None
    """The day whose rules are asked; None: that of `at`. A replay asks today's about old cases."""

    @property
    def day(self) -> date:
        """The day on which a rule must be in force."""
        return self.on or self.at.date()


class Flaw(StrEnum):
    """What makes a rule one that nobody can follow. It still wins, and says so."""

    DEPARTMENT_ENDED = "department_ended"
    DEPARTMENT_IDLE = "department_idle"
    AREA_GONE = "area_gone"
    CLASS_GONE = "class_gone"
    CONDITION_GONE = "condition_gone"
    ASSISTANT_ENDED = "assistant_ended"

    @property
    def words(self) -> Term:
        """The fault as a sentence part."""
        return _FLAWS[self]


_FLAWS = {
    Flaw.DEPARTMENT_ENDED: Term(
        "主办部门当日已不存在", "its department does not exist on that day"
    ),
    Flaw.DEPARTMENT_IDLE: Term("主办部门不承办案件", "its department does not handle cases"),
    Flaw.AREA_GONE: Term("适用范围已不存在", "its area does not exist any more"),
    Flaw.CLASS_GONE: Term("适用类别已不存在", "no class begins with its class code any more"),
    Flaw.CONDITION_GONE: Term("立案情形已不存在", "its filing condition does not exist any more"),
    Flaw.ASSISTANT_ENDED: Term("协办部门当日已不存在", "an assisting department has ended"),
}


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
    condition_no: int | None = None
    """A filing condition of the class; None: every condition."""
    window: Window = field(default_factory=Window)
    department_id: int
    post: str = "handler"
    """The role in the department that takes the case up."""
    assistants: tuple[int, ...] = ()
    """Departments that help, by id."""
    valid_from: date
    valid_to: date | None
    """First day on which it does not count any more; None: open end."""
    owner: str = ""
    """Who answers for the rule."""
    note: str = ""
    flaws: tuple[Flaw, ...] = ()


class Step(StrEnum):
    """The steps of the order, in which one rule beats another."""

    AREA = "area"
    CLASS = "class"
    CONDITION = "condition"
    HOURS = "hours"
    NEWEST = "newest"
    LOWEST_ID = "lowest_id"

    @property
    def reason(self) -> Term:
        """Why the winner won at this step, as words."""
        return _REASONS[self]


_REASONS = {
    Step.AREA: Term("适用范围更具体", "it names a smaller area"),
    Step.CLASS: Term("适用类别更具体", "it names a narrower class"),
    Step.CONDITION: Term("指明了立案情形", "it names the filing condition"),
    Step.HOURS: Term("适用时段更短", "it counts for fewer hours of the week"),
    Step.NEWEST: Term("生效日期更晚", "it came into force later"),
    Step.LOWEST_ID: Term("各项相同，取编号最小", "all else equal, the lowest id counts"),
}


class Misfit(StrEnum):
    """Why a rule does not speak about a case at all, the first reason found."""

    KIND = "kind"
    AREA = "area"
    CLASS = "class"
    CONDITION = "condition"
    NOT_YET = "not_yet"
    ENDED = "ended"
    HOURS = "hours"

    @property
    def reason(self) -> Term:
        """The reason as words."""
        return _MISFITS[self]


_MISFITS = {
    Misfit.KIND: Term("部件与事件不同，或版本不同", "another kind or edition"),
    Misfit.AREA: Term("不在适用范围内", "the place lies outside its area"),
    Misfit.CLASS: Term("类别不符", "it is for another class"),
    Misfit.CONDITION: Term("立案情形不符", "it is for another filing condition"),
    Misfit.NOT_YET: Term("尚未生效", "it is not in force yet"),
    Misfit.ENDED: Term("已失效", "it has ended"),
    Misfit.HOURS: Term("不在适用时段内", "the moment lies outside its weekdays and hours"),
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
    """With the fault of the rule in words, where it has one."""
    losers: tuple[Loser, ...]
    losing_departments: tuple[Department, ...]
    """The department of each loser, in the same order."""
    assistants: tuple[Department, ...] = ()

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Why nobody can follow the rule; empty: it holds."""
        return self.rule.flaws
