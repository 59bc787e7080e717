"""Callers, their calls and call-backs as commands and pages take and give them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gis.cases.model import State
from gis.cases.records import NewCase, Reported
from gis.errors import Term


class Rang(StrEnum):
    """What a caller has to do with a case."""

    REPORTED = "reported"
    JOINED = "joined"
    """Told the same as a case that was there."""
    ASKED = "asked"
    """Wanted to know how it stands."""


class Satisfied(StrEnum):
    """What a caller says of the result."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


RANG: dict[Rang, Term] = {
    Rang.REPORTED: Term("来电上报", "reported it"),
    Rang.JOINED: Term("反映同一问题", "told the same"),
    Rang.ASKED: Term("询问进展", "asked about it"),
}
SATISFIED: dict[Satisfied, Term] = {
    Satisfied.YES: Term("满意", "Satisfied"),
    Satisfied.PARTLY: Term("基本满意", "Partly"),
    Satisfied.NO: Term("不满意", "Not satisfied"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who rings, as typed; never shown, logged or compared: `repr` says nothing."""

    phone: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """The case of a call, and what the caller has to do with it."""

    case_id: int
    number: str
    rang: Rang


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCase:
    """A case that a caller rang about."""

    number: str
    state: State
    class_name: Term
    street: Term
    description: str
    rang: Rang
    rang_at: datetime
    reported_at: datetime
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCard:
    """What is known of a caller within one's own area; name and number are masked."""

    caller_id: int
    phone: str
    name: str
    since: datetime
    cases: tuple[CallerCase, ...]
    """The newest call first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerOfCase:
    """Somebody who rang about a case; name and number are masked."""

    caller_id: int
    phone: str
    """Empty when forgotten."""
    name: str
    rang: Rang
    at: datetime
    taken_by: str | None
    other_cases: int
    """Other cases of this caller within one's own area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A call that became a case."""

    case: Reported
    caller_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A call as the form gives it: who, and what is reported."""

    caller: Caller
    report: NewCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """Name and number in full, for one look; the trail says who looked and why."""

    phone: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCallBack:
    """A caller who should be asked whether a closed case is really done."""

    number: str
    case_id: int
    caller_id: int
    version: int
    state: State
    class_name: Term
    street: Term
    description: str
    closed_at: datetime
    phone: str
    name: str
    tries: int
    """How often nobody answered."""
    next_try_at: datetime | None
    may_reopen_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackAnswer:
    """One try to reach a caller, as the form gives it."""

    number: str
    caller_id: int
    version: int
    try_no: int
    """The how-manieth try this is: somebody else's record of it is not overwritten."""
    reached: bool
    satisfied: Satisfied | None = None
    words: str = ""
    next_try_at: datetime | None = None
    reopen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """A recorded try."""

    try_no: int
    at: datetime
    made_by: str | None
    reached: bool
    satisfied: Satisfied | None
    words: str
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealCount:
    """How often somebody looked at callers' numbers in a period."""

    person_id: int | None
    name: str
    department: Term | None
    reveals: int
    callers: int
    most_in_a_day: int
    last_at: datetime
    reasons: tuple[str, ...]
    """The newest five."""
