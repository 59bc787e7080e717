"""Making generated moves: the product's own table and effects, in memory instead of in rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from gis.accounts.model import Role
from gis.cases.clock import clock_of, moved_clock, steps_on_case_clock
from gis.cases.effects import changes_of, purpose_of
from gis.cases.intake_rules import SOURCE_OF_ROLE
from gis.cases.model import Move, State
from gis.cases.move_fields import data_of, photo_fields, words_of
from gis.cases.records import Case
from gis.cases.settings import CaseSettings
from gis.cases.tasks.said import with_code
from gis.cases.workflow import STATES, check_move
from gis.demo.drafts import Draft
from gis.demo.sizes import EDITION
from gis.standards.model import HandlingRule
from gis.standards.rules import applicable_rule
from gis.worktime.model import Limit, Unit
from gis.worktime.rules import WorkCalendar

ROLE_OF_SOURCE = {source: role for role, source in SOURCE_OF_ROLE.items()}
_COLUMNS = frozenset(
    {
        *("state", "open", "supervisor_id", "department_id", "handler_id", "dispatch_rule_id"),
        *("condition_no", "rework_count", "bounce_count", "filed_at", "dispatched_at"),
        *("handled_at", "closed_at", "changed_at", "changed_by"),
    }
)


@dataclass(frozen=True)
class Step:
    """A move as somebody will make it."""

    move: Move
    at: datetime
    role: Role
    actor_id: int | None
    fields: Mapping[str, Any]
    rule_id: int | None = None
    """The dispatch rule whose word is followed."""
    proposed: int | None = None
    """The department that the rules name, where the move is a dispatch."""


@dataclass(frozen=True)
class Event:
    """A step that was made, as history and trail keep it."""

    step: Step
    from_state: str
    to_state: str
    department_id: int | None
    note: str
    data: dict[str, Any]
    audit: dict[str, Any]
    photos: list[tuple[str, str]]
    """Purpose and sha256."""


@dataclass
class Life:
    """A case with its history so far."""

    draft: Draft
    case: Case
    text: str
    events: list[Event] = field(default_factory=list)
    done_at: datetime | None = None
    """When the department will report its result, once that is decided."""

    @property
    def at(self) -> datetime:
        """When the last step was made."""
        return self.events[-1].step.at

    def made(self, *moves: Move) -> Event | None:
        """The newest step that was one of `moves`."""
        return next((e for e in reversed(self.events) if e.step.move in moves), None)


class Replay:
    """Begins lives and moves them on; refuses what the table does not allow."""

    def __init__(
        self,
        rules: Mapping[tuple[str, str], list[HandlingRule]],
        calendar: WorkCalendar,
        settings: CaseSettings,
    ) -> None:
        self.rules, self.calendar, self.settings = rules, calendar, settings

    def begin(
        self, number: int, draft: Draft, text: str, reporter_id: int | None, photos: list[str]
    ) -> Life:
        """The report itself; `number` is the id of the case."""
        move = Move.REPORT_SELF_HANDLED if draft.self_handled else Move.REPORT
        role = ROLE_OF_SOURCE[draft.source]
        names = ["photo_before", "photo_after"] if draft.self_handled else ["photo"]
        shown = dict(zip(names, ([p] for p in photos), strict=False))
        fields = {
            "class_code": draft.class_code,
            "point": (draft.lon, draft.lat),
            "text": text,
            **shown,
        }
        row = check_move(move, None, role, fields)
        state = row.target(None)
        step = Step(move, draft.reported_at, role, reporter_id, fields)
        life = Life(draft, self._new(number, draft, state, reporter_id), text)
        purposes = {"photo": "report", "photo_before": "before", "photo_after": "after"}
        shas = [(purposes[name], sha) for name, (sha,) in shown.items()]
        audit = {
            "number": draft.number,
            "to": str(state),
            "kind": str(draft.kind),
            "edition": EDITION,
            "class_code": draft.class_code,
            "text": text,
            "source": draft.source,
            "lon": draft.lon,
            "lat": draft.lat,
            "grid_code": draft.grid_code,
            "photos": [sha for _, sha in shas],
        }
        said = {"version": 1, "cell_choice": draft.cell_choice, "answers": draft.answers or None}
        data = {name: value for name, value in said.items() if value is not None}
        life.events.append(Event(step, "START", str(state), None, "", data, audit, shas))
        return life

    def _new(self, number: int, draft: Draft, state: State, reporter_id: int | None) -> Case:
        code = draft.grid_code
        return Case(
            id=number,
            number=draft.number,
            district_code=code[:6],
            street_code=code[:9],
            community_code=code[:12],
            grid_code=code,
            kind=draft.kind,
            edition=EDITION,
            class_code=draft.class_code,
            condition_no=None,
            source=draft.source,
            state=state,
            open=not STATES[state].terminal,
            version=1,
            reporter_id=reporter_id,
            supervisor_id=None,
            department_id=None,
            handler_id=None,
            dispatch_rule_id=None,
            rework_count=0,
            bounce_count=0,
            reported_at=draft.reported_at,
            filed_at=None,
            dispatched_at=None,
            due_at=None,
            due_provisional=False,
            clock_left=None,
            handled_at=None,
            closed_at=None,
            changed_at=draft.reported_at,
            changed_by=reporter_id,
        )

    def make(self, life: Life, step: Step) -> None:
        """
        Make one step: table, columns, clock, history, as `gis.cases.steps.write_step` does.

        Raises
        ------
        Forbidden, Refused, Invalid
            When the table does not allow it: a generated history must not exist then.
        """
        case = life.case
        row = check_move(step.move, case.state, step.role, step.fields)
        changes = changes_of(
            case,
            row,
            fields=step.fields,
            person_id=step.actor_id,
            rule_id=step.rule_id,
            now=step.at,
        )
        condition = changes.get("condition_no", case.condition_no)
        before = clock_of(case)
        until = self._extended_until(life, step.move)
        clock = moved_clock(
            before,
            steps_on_case_clock(row, self.settings.clock_starts),
            now=step.at,
            limit=lambda: self.limit(case, condition),
            calendar=lambda _limit: self.calendar,
            until=until,
        )
        kept = {name: value for name, value in changes.items() if name in _COLUMNS}
        life.case = replace(
            case,
            **{**kept, "state": row.target(case.state)},
            version=case.version + 1,
            due_at=clock.due_at,
            due_provisional=clock.provisional,
            clock_left=clock.left,
        )
        life.events.append(self._event(life, case, step, moved=clock != before))

    def _event(self, life: Life, before: Case, step: Step, *, moved: bool) -> Event:
        after, fields = life.case, with_code(step.move, step.fields)
        data = data_of(fields)
        if step.move is Move.DISPATCH:
            data |= {"proposed": step.proposed, "rule": step.rule_id}
        if moved:
            data["due_at"] = after.due_at.isoformat() if after.due_at else None
        photos = [(purpose_of(step.move, n), s) for n in photo_fields(fields) for s in fields[n]]
        note = words_of(fields)
        version = {"version": after.version}
        audit = {
            **data,
            "number": after.number,
            "from": str(before.state),
            "to": str(after.state),
            "note": note,
            "photos": [sha for _, sha in photos],
        }
        return Event(
            step,
            str(before.state),
            str(after.state),
            after.department_id,
            note,
            data | version,
            audit | version,
            photos,
        )

    def limit(self, case: Case, condition: int | None) -> Limit:
        """The limit of a class under a condition."""
        rule = applicable_rule(self.rules[str(case.kind), case.class_code], condition)
        return Limit(rule.limit_value, Unit(rule.limit_unit))

    def _extended_until(self, life: Life, move: Move) -> datetime | None:
        asked = life.made(Move.ASK_EXTENSION)
        if move is not Move.APPROVE_EXTENSION or asked is None:
            return None
        day: date = asked.step.fields["until"]
        return datetime.combine(day + timedelta(days=1), time(), self.settings.zone)
