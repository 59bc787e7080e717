"""What queue and case pages show, as data: words, colours, lamps, columns, the time line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from gis.accounts.model import Role, role_terms
from gis.cases.lists import CaseRow
from gis.cases.model import CaseClock, Move, State
from gis.cases.options import CHOICE_NAMES
from gis.cases.queries import HistoryEntry
from gis.cases.records import Case
from gis.cases.tasks.questions import answers_in_words
from gis.cases.tasks.reasons import reason_name
from gis.cases.workflow import CONDITION_NAMES, FIELDS, MOVES, STATES
from gis.errors import Term
from gis.i18n import N_, translate
from gis.worktime.model import Lamp
from gis.worktime.rules import YELLOW_AFTER, lamp

# Okabe and Ito's set for colour-blind readers, darkened or lightened so that the word on the chip
# has at least 4.5 : 1 (a test measures it). One colour per stage, so that it never means alone.
STAGE_COLOURS: Final[Mapping[int, tuple[str, str]]] = {
    1: ("#00527F", "#FFFFFF"),
    2: ("#56B4E9", "#000000"),
    3: ("#E69F00", "#000000"),
    4: ("#8A3F00", "#FFFFFF"),
    5: ("#CC79A7", "#000000"),
    6: ("#006B4F", "#FFFFFF"),
}
"""Stage number → background and text of its states' chips."""
ENDED_COLOURS: Final = ("#5B5B5B", "#FFFFFF")
LAMP_COLOURS: Final[Mapping[Lamp, str]] = {
    Lamp.GREEN: "#007A5A",
    Lamp.YELLOW: "#9A6700",
    Lamp.RED: "#B3261E",
}

SOURCES: Final[Mapping[str, Term]] = {
    "supervisor": Term("监督员上报", "Supervisor"),
    "citizen": Term("公众上报", "Public"),
    "call_desk": Term("热线坐席", "Call desk"),
    "video": Term("视频", "Video"),
    "system": Term("系统", "System"),
}
SOURCE_ICONS: Final[Mapping[str, str]] = {
    "supervisor": ":material/badge:",
    "citizen": ":material/group:",
    "call_desk": ":material/call:",
    "video": ":material/videocam:",
    "system": ":material/settings:",
}
PURPOSES: Final[Mapping[str, Term]] = {
    "report": Term("上报照片", "Report"),
    "verification": Term("核实照片", "Verification"),
    "before": Term("处置前", "Before"),
    "after": Term("处置后", "After"),
    "check": Term("核查照片", "Check"),
    "evidence": Term("证明材料", "Evidence"),
    "file": Term("附件", "Attachment"),
}


class Timing(StrEnum):
    """How a case stands against its limit."""

    NONE = "none"
    RUNNING = "running"
    OVERDUE = "overdue"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class TimeLamp:
    """The lamp of a case: a colour and always words beside it."""

    timing: Timing
    lamp: Lamp | None
    """None: no time passes and none was missed."""
    words: Term
    provisional: bool
    """The working calendar of that year is not published yet."""

    @property
    def colour(self) -> str | None:
        """Colour of the lamp."""
        return LAMP_COLOURS[self.lamp] if self.lamp else None


@dataclass(frozen=True, slots=True)
class Chip:
    """The chip of a state: word, background, text colour."""

    name: Term
    background: str
    text: str


def state_chip(state: State) -> Chip:
    """The same chip everywhere a state is shown; ended cases are grey."""
    row = STATES[state]
    background, colour = ENDED_COLOURS if row.terminal else STAGE_COLOURS[row.stage_no]
    return Chip(row.name, background, colour)


def time_lamp(case: Case | CaseRow, now: datetime) -> TimeLamp:
    """
    How a case stands against its limit, in words.

    Running: what is left, or how long it is overdue. Paused: what will be left.
    Stopped or ended: in time or late, by the moment the result was reported.
    The share that turns the lamp yellow is the district's, of plain time since
    the clock started (filing, else dispatch).
    """
    timing, span = _timing(case, now)
    words, colour = _WORDS[timing](span), _COLOURS[timing]
    if timing is Timing.RUNNING and case.due_at is not None:
        started = case.filed_at or case.dispatched_at or case.reported_at
        share = YELLOW_AFTER if case.yellow_percent is None else case.yellow_percent / 100
        colour = lamp(now, min(started, now), case.due_at, yellow_after=share)
    return TimeLamp(timing, colour, words, case.due_provisional)


def _timing(case: Case | CaseRow, now: datetime) -> tuple[Timing, timedelta]:
    nothing = timedelta(0)
    if case.due_at is None:
        if case.clock_left is None or not case.open:
            return Timing.NONE, nothing
        return Timing.PAUSED, timedelta(seconds=float(case.clock_left["seconds"]))
    if STATES[case.state].case_clock is CaseClock.STOPPED:
        ended = case.handled_at or case.closed_at
        if ended is None:  # cancelled, refused: nobody had to be in time
            return Timing.NONE, nothing
        late = ended - case.due_at
        return (Timing.LATE, late) if late > nothing else (Timing.IN_TIME, -late)
    if case.clock_left is not None:
        return Timing.PAUSED, timedelta(seconds=float(case.clock_left["seconds"]))
    left = case.due_at - now
    return (Timing.RUNNING, left) if left >= nothing else (Timing.OVERDUE, -left)


def span_words(span: timedelta) -> Term:
    """
    A stretch of time in at most two units: `2 d 4 h`, `3 h 20 min`, `5 min`.

    Rounded down; less than a minute is said so.
    """
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "天", "d"), (hours, "小时", "h"), (rest, "分钟", "min")]
    first = next((i for i, part in enumerate(parts) if part[0]), None)
    if first is None:
        return Term("不到 1 分钟", "less than 1 min")
    shown = [part for part in parts[first : first + 2] if part[0]]
    return Term(
        " ".join(f"{n} {zh}" for n, zh, _ in shown),
        " ".join(f"{n} {en}" for n, _, en in shown),
    )


def _said(template: str, span: timedelta) -> Term:
    """A sentence with a span in both languages; the template is a message of the catalogue."""
    words = span_words(span)
    return Term(
        translate(template, "zh-CN").format(span=words.zh),
        translate(template, "en").format(span=words.en),
    )


_WORDS: Final[Mapping[Timing, Callable[[timedelta], Term]]] = {
    Timing.NONE: lambda _s: Term("未设时限", "no limit running"),
    Timing.RUNNING: lambda s: _said(N_("{span} left"), s),
    Timing.OVERDUE: lambda s: _said(N_("overdue {span}"), s),
    Timing.PAUSED: lambda s: _said(N_("paused, {span} left"), s),
    Timing.IN_TIME: lambda _s: Term("按时完成", "in time"),
    Timing.LATE: lambda s: _said(N_("late by {span}"), s),
}
_COLOURS: Final[Mapping[Timing, Lamp | None]] = {
    Timing.NONE: None,
    Timing.RUNNING: Lamp.GREEN,
    Timing.OVERDUE: Lamp.RED,
    Timing.PAUSED: None,
    Timing.IN_TIME: Lamp.GREEN,
    Timing.LATE: Lamp.RED,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a case table."""

    id: str
    label: Term


QUEUE_COLUMNS: Final = (
    Column("number", Term("案卷编号", "Number")),
    Column("state", Term("状态", "State")),
    Column("lamp", Term("时限", "Limit")),
    Column("class", Term("类别", "Class")),
    Column("excerpt", Term("描述", "Description")),
    Column("place", Term("位置", "Place")),
    Column("department", Term("承办部门", "Department")),
    Column("handler", Term("承办人", "Handler")),
    Column("supervisor", Term("监督员", "Supervisor")),
    Column("reported_at", Term("上报时间", "Reported")),
    Column("due_at", Term("截止时间", "Due")),
    Column("rework", Term("返工", "Rework")),
    Column("source", Term("来源", "Source")),
)
"""Columns of a queue, in order; number and state stay in sight."""


def queue_cells(row: CaseRow, *, now: datetime, locale: str) -> dict[str, object]:
    """One row of a queue table in one language; moments stay moments for the page to show."""

    def said(term: Term | None) -> str:
        return term.text(locale) if term else ""

    street, community = said(row.street), said(row.community)
    return {
        "number": row.number,
        "state": STATES[row.state].name.text(locale),
        "lamp": time_lamp(row, now).words.text(locale),
        "class": said(row.class_name) or row.class_code,
        "excerpt": row.excerpt,
        "place": " ".join(part for part in (street, community, row.grid_code) if part),
        "department": said(row.department),
        "handler": row.handler or "",
        "supervisor": row.supervisor or "",
        "reported_at": row.reported_at,
        "due_at": row.due_at,
        "rework": row.rework_count,
        "source": said(SOURCES.get(row.source)) or row.source,
    }


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step of the time line."""

    at: datetime
    title: Term
    who: str | None
    """None: the product itself."""
    role: Term
    chip: Chip
    note: str
    """As it was written; never markup."""
    facts: tuple[tuple[Term, str | datetime | Term], ...]
    """Other things said with the move: label and value; moments stay moments."""
    photos: tuple[tuple[Term, str], ...]
    """Purpose and sha256."""
    files: tuple[tuple[str, str, int], ...]
    """PDFs, videos and voice notes: sha256, media type, bytes."""
    waited: Term | None
    """How long the case had stood in the state before."""


_HIDDEN = frozenset(
    {
        "version",
        "proposed",
        "rule",
        "supervisor",
        "department",
        "located_by",
        "assistants",
        "handler",
    }  # fmt: skip
)
_DATA_LABELS = {
    "due_at": Term("截止时间", "due"),
    "written_at": Term("填写时间", "written on the phone"),
    "cell_choice": Term("近界所选网格", "grid chosen near an edge"),
    "asked_by_reporter": Term("由上报人提出", "asked by the reporter"),
    "stands_for": Term("代替", "standing in for"),
    "given_to": Term("指派给", "given to"),
    "taken_from": Term("原承办人", "taken from"),
    "other_grid": Term("由其他网格的监督员核查", "checked by a supervisor of another grid"),
}


_MOMENTS = frozenset({"due_at", "written_at"})


_NOT_TICKED = Term("未勾选", "not ticked")
Fact = tuple[Term, str | datetime | Term]


def _value_of(move: Move, name: str, value: object) -> str | datetime | Term:
    if name == "reason_code":
        return reason_name(move, str(value))
    if value is True:
        return "✓"
    if name == "condition":
        return Term(f"第 {value} 项", f"no. {value}")
    if name == "result":
        return CHOICE_NAMES.get(str(value), Term(str(value), str(value)))
    return datetime.fromisoformat(str(value)) if name in _MOMENTS else str(value)


def _facts_of(move: Move, data: Mapping[str, Any]) -> Iterator[Fact]:
    labels = {**FIELDS, **_DATA_LABELS}
    for name, value in data.items():
        if name in _HIDDEN or value is None:
            continue
        if name == "answers":
            yield from answers_in_words(value)
        elif name == "checks":
            yield from ((labels[name], _check_words(check)) for check in value)
        elif name == "condition":
            yield CONDITION_NAMES[move is Move.CLOSE], _value_of(move, name, value)
        else:
            yield labels.get(name, Term(name, name)), _value_of(move, name, value)


def _check_words(check: Mapping[str, Any]) -> Term:
    """A condition as it was ticked, or left out, at the time."""
    words = Term(f"{check['no']}. {check['zh']}", f"{check['no']}. {check['en']}")
    if check["ticked"]:
        return Term(f"✓ {words.zh}", f"✓ {words.en}")
    return Term(f"{words.zh}（{_NOT_TICKED.zh}）", f"{words.en} ({_NOT_TICKED.en})")


def timeline(steps: Sequence[HistoryEntry]) -> list[TimelineEntry]:
    """The history for people, oldest first."""
    before: datetime | None = None
    entries = []
    for step in steps:
        entries.append(_entry(step, before))
        before = step.at
    return entries


def _entry(step: HistoryEntry, before: datetime | None) -> TimelineEntry:
    roles = role_terms()
    return TimelineEntry(
        at=step.at,
        title=MOVES[step.move].label,
        who=step.actor,
        role=roles.get(Role(step.role), Term(step.role, step.role)),
        chip=state_chip(step.to_state),
        note=step.note,
        facts=tuple(_facts_of(step.move, step.data)),
        photos=tuple((PURPOSES.get(p.purpose, Term(p.purpose, p.purpose)), p.sha256)
                     for p in step.photos if p.is_picture),
        files=tuple((p.sha256, p.media_type, p.size_bytes)
                    for p in step.photos if not p.is_picture),
        waited=span_words(step.at - before) if before else None,
    )  # fmt: skip


PRIMARY_MOVES: Final = (
    Move.REGISTER, Move.ORDER_VERIFICATION, Move.VERIFY_TRUE, Move.FILE, Move.DISPATCH,
    Move.TAKE_UP, Move.REPORT_DONE, Move.ORDER_CHECK, Move.CHECK_PASSED, Move.CLOSE,
    Move.APPROVE_RETURN, Move.APPROVE_EXTENSION, Move.APPROVE_SUSPENSION, Move.APPROVE_CANCEL,
    Move.ARBITRATE, Move.RESUME,
)  # fmt: skip
"""The move whose button stands first in a state: the straight way, then approvals."""
