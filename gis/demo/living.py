"""How a case goes on: chances and delays of data/demo, within what the guards allow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import numpy as np

from gis.accounts.model import Role
from gis.cases.evidence.draw import in_sample
from gis.cases.model import Move, State
from gis.cases.settings import CaseSettings
from gis.cases.workflow import MOVES
from gis.demo.dispatching import Chosen
from gis.demo.drafts import Draft, move_delay
from gis.demo.people import People
from gis.demo.photos import STREETS, Pictures
from gis.demo.replay import Life, Replay, Step
from gis.demo.sizes import behaviour, read_rows
from gis.demo.telling import Telling, theme_of

T = TypeVar("T")
_SECOND = timedelta(seconds=1)
_LONG_LIMIT = timedelta(hours=8)
"""On the limit's own clock, a working day: below it nobody asks for an extension."""

_SHOWN = {
    Move.REPORT_DONE: "after",
    Move.VERIFY_FALSE: "clear",
    Move.CHECK_PASSED: "clear",
}
"""What the drawn photo of a move looks like; on the others the trouble is still there."""

Condition = Callable[["Living", Life], bool]


@dataclass(frozen=True)
class Turn:
    """A move that may come next, how likely, and when it is thought of at all."""

    move: Move
    chance: str = ""
    """Name in behaviour.csv; empty: certain."""
    when: Condition | None = None


def _never(*moves: Move) -> Condition:
    return lambda _living, life: life.made(*moves) is None


def _to_verify(living: "Living", life: Life) -> bool:
    asked = life.case.source in living.settings.sources_to_verify
    return asked and life.made(Move.VERIFY_TRUE) is None


def _may_return(_living: "Living", life: Life) -> bool:
    given = life.made(Move.DISPATCH, Move.ARBITRATE)
    return given is not None and given.step.move is Move.DISPATCH


def _wrong(_living: "Living", life: Life) -> bool:
    given = life.made(Move.DISPATCH)
    return given is None or life.case.department_id != given.step.proposed


def _wrong_returns(living: "Living", life: Life) -> bool:
    return _may_return(living, life) and _wrong(living, life)


def _right_returns(living: "Living", life: Life) -> bool:
    return _may_return(living, life) and not _wrong(living, life) and not life.case.bounce_count


def _may_extend(living: "Living", life: Life) -> bool:
    due, limit = life.case.due_at, living.replay.limit(life.case, life.case.condition_no)
    early = due is not None and life.at + timedelta(hours=6) < due
    return (
        early
        and living.replay.calendar.amount(limit) >= _LONG_LIMIT
        and _never(Move.ASK_EXTENSION)(living, life)
    )


def _at_the_limit(living: "Living", life: Life) -> bool:
    return life.case.bounce_count >= living.settings.bounce_limit


def _drawn_for_audit(living: "Living", life: Life) -> bool:
    drawn = in_sample(life.case.number, living.settings.self_handled_sample_percent)
    return drawn and life.made(Move.AUDIT_SELF_HANDLED) is None


TURNS: Mapping[State, tuple[Turn, ...]] = {
    State.REPORTED: (
        Turn(Move.REFUSE, "refuse", _never(Move.REGISTER, Move.VERIFY_TRUE)),
        Turn(Move.ORDER_VERIFICATION, when=_to_verify),
        Turn(Move.REGISTER),
    ),
    State.VERIFYING: (
        Turn(Move.VERIFY_FALSE, "verify_false", _never(Move.REOPEN)),
        Turn(Move.VERIFY_TRUE),
    ),
    State.PENDING_FILING: (
        Turn(Move.REFUSE_FILING, "refuse_filing", _never(Move.FILE)),
        Turn(Move.BACK_TO_ACCEPTOR, "back_to_acceptor", _never(Move.FILE, Move.BACK_TO_ACCEPTOR)),
        Turn(Move.FILE),
    ),
    State.PENDING_DISPATCH: (
        Turn(Move.ASK_CANCEL, "ask_cancel", _never(Move.DISPATCH, Move.ASK_CANCEL)),
        Turn(Move.BACK_TO_FILING, "back_to_filing", _never(Move.DISPATCH, Move.BACK_TO_FILING)),
        Turn(Move.DISPATCH),
    ),
    State.CANCEL_REVIEW: (Turn(Move.APPROVE_CANCEL, "approve_cancel"), Turn(Move.REJECT_CANCEL)),
    State.PENDING_HANDLE: (
        Turn(Move.ASK_RETURN, "ask_return_wrong", _wrong_returns),
        Turn(Move.ASK_RETURN, "ask_return", _right_returns),
        Turn(Move.TAKE_UP),
    ),
    State.HANDLING: (
        Turn(Move.ASK_EXTENSION, "ask_extension", _may_extend),
        Turn(Move.ASK_SUSPENSION, "ask_suspension", _never(Move.ASK_SUSPENSION)),
        Turn(Move.FORCE_CLOSE, "force_close"),
        Turn(Move.REPORT_DONE),
    ),
    State.EXTENSION_REVIEW: (
        Turn(Move.APPROVE_EXTENSION, "approve_extension"),
        Turn(Move.REJECT_EXTENSION),
    ),
    State.RETURN_REVIEW: (
        Turn(Move.TO_ARBITRATION, when=_at_the_limit),
        Turn(Move.APPROVE_RETURN, when=_wrong),
        Turn(Move.APPROVE_RETURN, "approve_return"),
        Turn(Move.REJECT_RETURN),
    ),
    State.ARBITRATION: (Turn(Move.ARBITRATE),),
    State.SUSPEND_REVIEW: (
        Turn(Move.APPROVE_SUSPENSION, "approve_suspension"),
        Turn(Move.REJECT_SUSPENSION),
    ),
    State.SUSPENDED: (Turn(Move.FORCE_CLOSE, "force_close_suspended"), Turn(Move.RESUME)),
    State.PENDING_CHECK: (Turn(Move.ORDER_CHECK),),
    State.CHECKING: (Turn(Move.CHECK_FAILED, "check_failed"), Turn(Move.CHECK_PASSED)),
    State.PENDING_CLOSE: (
        Turn(Move.BACK_TO_CHECK, "back_to_check", _never(Move.BACK_TO_CHECK)),
        Turn(Move.CLOSE),
    ),
    State.CLOSED: (Turn(Move.REOPEN, "reopen", _never(Move.REOPEN)),),
    State.SELF_HANDLED: (Turn(Move.AUDIT_SELF_HANDLED, when=_drawn_for_audit),),
}
"""First that is drawn comes; none: the case rests. Other states (merged, refused …) end."""


class Living:
    """Lives cases from their report to `now`."""

    def __init__(
        self,
        replay: Replay,
        people: People,
        chosen: Chosen,
        telling: Telling,
        photos: Pictures,
        names: Mapping[tuple[str, str], str],
        rng: np.random.Generator,
        now: datetime,
    ) -> None:
        self.replay, self.people, self.chosen, self.rng, self.now = (
            replay,
            people,
            chosen,
            rng,
            now,
        )
        self.telling, self.photos, self.names = telling, photos, names
        self.settings: CaseSettings = replay.settings
        self._phrases: dict[str, list[str]] = {}
        for row in read_rows("phrases"):
            self._phrases.setdefault(row["purpose"], []).append(row["text"])

    def live(self, number: int, draft: Draft) -> Life:
        """One case as it stands at `now`, with its history; `number` is its id."""
        photographed = draft.self_handled or (
            draft.source == "supervisor" and self.rng.random() < 0.7
        )
        shown = ["before", "after"] if draft.self_handled else ["report"] * photographed
        text = self.telling.report(draft, self.names[str(draft.kind), draft.class_code])
        reporter = self._reporter(draft)
        photos = [self._photo(number, draft, what) for what in shown]
        life = self.replay.begin(number, draft, text, reporter, photos)
        while (step := self._next(life)) is not None and step.at <= self.now:
            self.replay.make(life, step)
        return life

    def _rule_at(self, life: Life, at: datetime) -> tuple[int, int]:
        """The dispatch rule of a case at a moment, and its department."""
        case = life.case
        return self.chosen.rule_at(
            str(case.kind), case.class_code, case.grid_code, case.condition_no, at
        )

    def _reporter(self, draft: Draft) -> int | None:
        if draft.source == "supervisor":
            return self.people.supervisor_at(draft.grid_code[:12], draft.reported_at)
        return self._one_of(Role.ACCEPTOR) if draft.source == "call_desk" else None

    def _next(self, life: Life) -> Step | None:
        draft = life.draft
        made = len(life.events) - 1
        if draft.script is not None:
            if made >= len(draft.script):
                return None
            return self._step(life, draft.script[made], life.at + draft.delays[made])
        move = self._drawn(life)
        if move is None:
            return None
        return self._step(life, move, self._when(life, move))

    def _drawn(self, life: Life) -> Move | None:
        if life.done_at is not None and life.case.state is State.HANDLING:
            return Move.REPORT_DONE  # decided before a reminder came in between
        for turn in TURNS.get(life.case.state, ()):
            possible = turn.when is None or turn.when(self, life)
            if possible and (not turn.chance or self.rng.random() < behaviour()[turn.chance]):
                return self._or_reminder(life) if turn.move is Move.REPORT_DONE else turn.move
        return None

    def _or_reminder(self, life: Life) -> Move:
        """A department that will be late may be reminded by its superiors first."""
        due, life.done_at = life.case.due_at, self._done_at(life)
        late = due is not None and life.done_at > max(due, life.at) + timedelta(hours=2)
        if late and self.rng.random() < behaviour()["supervise"]:
            return Move.SUPERVISE
        return Move.REPORT_DONE

    def _done_at(self, life: Life) -> datetime:
        rates, case = behaviour(), life.case
        limit = self.replay.limit(case, case.condition_no)
        calendar = self.replay.calendar
        share = self.rng.lognormal(np.log(rates["report_done"]), rates["report_done_sigma"])
        needed = calendar.amount(limit) * float(min(share, 6.0))
        earliest = life.at + timedelta(minutes=float(self.rng.uniform(4, 20)))
        return max(earliest, calendar.deadline_after(life.at, needed, limit).due_at)

    def _when(self, life: Life, move: Move) -> datetime:
        after = life.at + _SECOND
        if move is Move.REPORT_DONE and life.done_at is not None:
            at, life.done_at = life.done_at, None
            return max(after, at).replace(microsecond=0)
        if move is Move.SUPERVISE:
            due = life.case.due_at or life.at
            return max(after, due + timedelta(minutes=30)).replace(microsecond=0)
        if move is Move.RESUME:
            asked = life.made(Move.APPROVE_SUSPENSION)
            day: date = asked.step.fields["resume_on"] if asked else life.at.date()
            return max(after, datetime.combine(day, time(8), self.settings.zone))
        at = life.at + move_delay(move, self.rng)
        if move is Move.REOPEN:  # only within the days the district allows
            return min(at, life.at + timedelta(days=self.settings.reopening_days) - _SECOND)
        if move is Move.ASK_EXTENSION and life.case.due_at is not None:
            return min(at, life.case.due_at.replace(microsecond=0) - _SECOND)
        return at

    def _step(self, life: Life, move: Move, at: datetime) -> Step:
        role = self._role(move)
        rule_id, fields = self._fields(life, move, at)
        proposed = self._rule_at(life, at)[1] if move is Move.DISPATCH else None
        return Step(move, at, role, self._actor(life, move, role), fields, rule_id, proposed)

    def _role(self, move: Move) -> Role:
        if move is Move.RESUME:
            return Role.SYSTEM
        if move is Move.APPROVE_EXTENSION:
            return Role.SHIFT_LEADER  # who may decide about long ones too
        if move is Move.SUPERVISE:
            return Role.CENTRE_LEADER
        return next(role for role in Role if role.value in MOVES[move].roles)

    def _actor(self, life: Life, move: Move, role: Role) -> int | None:
        case = life.case
        if role is Role.SYSTEM:
            return None
        if role is Role.SUPERVISOR:
            return case.supervisor_id
        if role is Role.HANDLER:
            if case.handler_id is not None and move is not Move.TAKE_UP:
                return case.handler_id
            staff = self.people.handlers[case.department_id or 0]
            guest = self.people.guests[Role.HANDLER]
            return guest if life.draft.script and guest in staff else self._pick(staff)
        return self._one_of(role)

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self.rng.integers(len(options)))]

    def _one_of(self, role: Role) -> int:
        return self._pick(self.people.by_role[role])

    def _photo(self, number: int, draft: Draft, shown: str) -> str:
        """Of one case always the same street: after is where before was."""
        return self.photos[shown, theme_of(draft), number % STREETS].sha256

    def _phrase(self, purpose: str) -> str:
        return self._pick(self._phrases[purpose])

    def _fields(self, life: Life, move: Move, at: datetime) -> tuple[int | None, dict[str, Any]]:
        """What the move brings: everything the table says it needs."""
        if move is Move.DISPATCH:
            return self._dispatch(life, at)
        values: dict[str, Any] = {}
        for name in MOVES[move].needs:
            values[name] = self._value(life, move, name, at)
        if move is Move.REOPEN:
            values["supervisor"] = self._value(life, move, "supervisor", at)
        return None, values

    def _value(self, life: Life, move: Move, name: str, at: datetime) -> Any:
        if name in ("reason", "text", "note"):
            return self._phrase(f"{name}:{move}")
        if name in ("photo", "evidence"):
            return [self._photo(life.case.id, life.draft, _SHOWN.get(move, "site"))]
        makers: dict[str, Callable[[], Any]] = {
            "supervisor": lambda: self.people.supervisor_at(life.case.community_code, at),
            "condition": lambda: self._condition(life),
            "department": lambda: self._rule_at(life, at)[1],
            "target_case": lambda: life.draft.target.number if life.draft.target else "",
            "until": lambda: self._until(life, at),
            "resume_on": lambda: self._resume_on(life, at),
            "result": lambda: "valid",
        }
        return makers[name]()

    def _until(self, life: Life, at: datetime) -> date:
        due = life.case.due_at or at
        return due.astimezone(self.settings.zone).date() + timedelta(int(self.rng.integers(2, 6)))

    def _resume_on(self, life: Life, at: datetime) -> date:
        days = float(self.rng.lognormal(np.log(behaviour()["suspended_days"]), 0.6))
        extra = 20 if life.draft.script else 0  # one made to wait is still suspended at `now`
        return at.astimezone(self.settings.zone).date() + timedelta(int(days) + 1 + extra)

    def _condition(self, life: Life) -> int:
        known = self.replay.rules[str(life.case.kind), life.case.class_code]
        if life.case.condition_no is not None:
            return life.case.condition_no
        return self._pick(known).condition_no

    def _dispatch(self, life: Life, at: datetime) -> tuple[int | None, dict[str, Any]]:
        rule_id, department = self._rule_at(life, at)
        case, rates = life.case, behaviour()
        scripted_return = bool(life.draft.script) and case.bounce_count > 0
        astray = life.draft.script is None and self.rng.random() < rates["wrong_department"]
        if case.department_id is not None and not astray:  # rework goes back to who did it
            same = case.department_id == department
            return (rule_id if same else None), {"department": case.department_id}
        if scripted_return or (astray and not case.rework_count):
            others = [d for d in self.people.handlers if d != department]
            wrong = self._pick(others)
            return None, {"department": wrong, "reason": self._phrase("reason:dispatch")}
        return rule_id, {"department": department}
