"""
The guards of the move table: each is one function that answers whether it holds.

A guard sees the move as it is asked for (`Ask`): who, in which post, on which
case, with what, when. It writes nothing. `data/cases/guards.csv` holds the
wording; a test compares both lists.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from gis.accounts.model import Role
from gis.cases.asking import Ask
from gis.cases.clusters.following import may_leave
from gis.cases.evidence.draw import in_sample
from gis.cases.intake_rules import may_be_self_handled
from gis.cases.locking import locked_row
from gis.cases.model import Move
from gis.cases.tasks.queries import open_tasks
from gis.db.sqlfile import load_sql
from gis.standards.queries import limits_of_class

_TARGET = load_sql(__package__, "merge_target")


Guard = Callable[[Ask], bool]
_GUARDS: dict[str, Guard] = {}
_READ_FIELDS: set[str] = set()


def _guard(name: str, *, reads_fields: bool = False) -> Callable[[Guard], Guard]:
    def enter(function: Guard) -> Guard:
        _GUARDS[name] = function
        if reads_fields:
            _READ_FIELDS.add(name)
        return function

    return enter


@_guard("reporter_may_report_here")
def _may_report_here(ask: Ask) -> bool:
    return ask.actor.scope.covers(ask.case.grid_code)


@_guard("class_allows_self_handling")
def _may_be_self_handled(ask: Ask) -> bool:
    return may_be_self_handled(ask.case.kind, ask.case.edition, ask.case.class_code)


@_guard("source_is_not_a_supervisor")
def _not_from_a_supervisor(ask: Ask) -> bool:
    return ask.case.source != "supervisor"


@_guard("supervisor_is_on_duty", reads_fields=True)
def _on_duty(ask: Ask) -> bool:
    return ask.fields["supervisor"] in {person.person_id for person in ask.on_duty}


@_guard("no_verification_needed")
def _no_verification_needed(ask: Ask) -> bool:
    """Not asked for this source, or done before: a case sent back is not looked at twice."""
    asked = ask.case.source in ask.settings.sources_to_verify
    return not asked or ask.last(Move.VERIFY_TRUE) is not None


@_guard("is_the_assigned_supervisor")
def _is_assigned(ask: Ask) -> bool:
    """The one who was sent, or who stands in for that one and had no hand in the case."""
    if ask.case.supervisor_id in ask.actor.stands_for:
        return ask.actor.person_id not in ask.handlers()
    return ask.actor.person_id is not None and ask.case.supervisor_id == ask.actor.person_id


@_guard("asked_by_the_reporter", reads_fields=True)
def _asked_by_reporter(ask: Ask) -> bool:
    """The reporter asks, or somebody confirms on record that an outside reporter did."""
    if ask.actor.person_id is not None and ask.case.reporter_id == ask.actor.person_id:
        return True
    from_outside = ask.case.source in ("citizen", "call_desk")
    return from_outside and bool(ask.fields.get("asked_by_reporter"))


@_guard("target_is_open_and_not_merged", reads_fields=True)
def _target_is_open(ask: Ask) -> bool:
    """Locks the target against moves until this one is committed; it must be in scope too."""
    number = ask.fields["target_case"]
    params = {
        "number": number,
        **ask.actor.scope.params(),
    }
    found = locked_row(ask.conn, _TARGET, params, number=number)
    return found is not None and found.id != ask.case.id and bool(found.open)


@_guard("target_is_not_closed")
def _target_is_not_closed(ask: Ask) -> bool:
    """Of the case that stands for it now, not of the one it was merged into at first."""
    return may_leave(ask)


def _conditions(ask: Ask) -> set[int]:
    rules = limits_of_class(
        ask.conn, kind=ask.case.kind, edition=ask.case.edition, code=ask.case.class_code
    )
    return {rule.condition_no for rule in rules}


@_guard("filing_condition_holds", reads_fields=True)
def _filing_condition(ask: Ask) -> bool:
    """The shift leader names a condition, and the class has it."""
    return ask.fields["condition"] in _conditions(ask)


@_guard("closing_condition_holds", reads_fields=True)
def _closing_condition(ask: Ask) -> bool:
    """The closing condition named belongs to the condition the case was filed under."""
    known = _conditions(ask)
    named = ask.fields["condition"]
    return named in known and ask.case.condition_no in (named, None)


@_guard("rule_or_reason_for_the_department", reads_fields=True)
def _rule_or_reason(ask: Ask) -> bool:
    """
    A rule names the department, it had the case before, or a reason is given.

    A failed check and a reopening leave the department with the case: rework goes to it again.
    """
    wanted = ask.fields["department"]
    if ask.proposed is not None and ask.proposed.department_id == wanted:
        return True
    return wanted == ask.case.department_id or "reason" in ask.fields


@_guard("is_not_the_asker")
def _is_not_the_asker(ask: Ask) -> bool:
    asked = ask.last(Move.ASK_CANCEL)
    return asked is not None and asked.actor_id != ask.actor.person_id


@_guard("person_of_the_department")
def _of_the_department(ask: Ask) -> bool:
    own = ask.actor.department_id
    return own is not None and own == ask.case.department_id


@_guard("is_given_to_a_person")
def _is_given(ask: Ask) -> bool:
    return ask.case.handler_id is not None


@_guard("is_not_given_to_somebody_else")
def _not_given_elsewhere(ask: Ask) -> bool:
    """Nobody's, one's own, or of somebody one stands in for."""
    holder = ask.case.handler_id
    return holder in (None, ask.actor.person_id) or holder in ask.actor.stands_for


@_guard("no_open_sub_task")
def _no_open_sub_task(ask: Ask) -> bool:
    return open_tasks(ask.conn, ask.case.id) == 0


@_guard("not_bound_by_the_arbiter")
def _not_bound(ask: Ask) -> bool:
    given = ask.last(Move.DISPATCH, Move.ARBITRATE)
    return given is not None and given.move is not Move.ARBITRATE


@_guard("bounces_below_the_limit")
def _below_the_limit(ask: Ask) -> bool:
    return ask.case.bounce_count < ask.settings.bounce_limit


@_guard("bounces_at_the_limit")
def _at_the_limit(ask: Ask) -> bool:
    return ask.case.bounce_count >= ask.settings.bounce_limit


@_guard("before_the_limit")
def _before_the_limit(ask: Ask) -> bool:
    """A case without a deadline has nothing to extend."""
    return ask.case.due_at is not None and ask.now <= ask.case.due_at


def _longer_by(ask: Ask, until: date) -> timedelta | None:
    return None if ask.case.due_at is None else ask.end_of(until) - ask.case.due_at


@_guard("extension_within_settings", reads_fields=True)
def _extension_within(ask: Ask) -> bool:
    longer = _longer_by(ask, ask.fields["until"])
    if longer is None or ask.count(Move.APPROVE_EXTENSION) >= ask.settings.extension_limit:
        return False
    # the end of the day asked for lies up to a day after the hour the limit ended at
    most = timedelta(days=ask.settings.extension_max_days + 1)
    return timedelta(0) < longer <= most


@_guard("long_extension_by_the_shift_leader")
def _long_by_the_shift_leader(ask: Ask) -> bool:
    asked = ask.last(Move.ASK_EXTENSION)
    if asked is None:
        return False
    longer = _longer_by(ask, date.fromisoformat(asked.data["until"]))
    short = timedelta(days=ask.settings.long_extension_days + 1)
    if longer is None:
        return False
    return longer <= short or ask.actor.has(Role.SHIFT_LEADER)


@_guard("suspended_fewer_times_than_allowed")
def _may_be_suspended(ask: Ask) -> bool:
    return ask.count(Move.APPROVE_SUSPENSION) < ask.settings.suspension_limit


@_guard("suspension_not_too_long", reads_fields=True)
def _suspension_not_too_long(ask: Ask) -> bool:
    days: int = (ask.fields["resume_on"] - ask.today).days
    return 0 < days <= ask.settings.suspension_max_days


@_guard("resume_date_reached_or_by_hand")
def _resume_date_reached(ask: Ask) -> bool:
    if ask.role is not Role.SYSTEM:
        return True
    granted = ask.last(Move.APPROVE_SUSPENSION)
    return granted is not None and ask.today >= date.fromisoformat(granted.data["resume_on"])


@_guard("supervisor_did_not_handle", reads_fields=True)
def _did_not_handle(ask: Ask) -> bool:
    return ask.fields["supervisor"] not in ask.handlers()


@_guard("handler_did_not_find_or_check")
def _did_not_find_or_check(ask: Ask) -> bool:
    """Somebody with posts on both sides does not handle what the other post found or checked."""
    return ask.actor.person_id is None or ask.actor.person_id not in ask.finders()


@_guard("auditor_is_not_the_finder")
def _is_not_the_finder(ask: Ask) -> bool:
    return ask.actor.person_id is None or ask.actor.person_id not in ask.finders()


@_guard("is_in_the_sample")
def _is_in_the_sample(ask: Ask) -> bool:
    return in_sample(ask.case.number, ask.settings.self_handled_sample_percent)


@_guard("within_the_reopening_time")
def _within_reopening(ask: Ask) -> bool:
    closed = ask.case.closed_at
    return closed is not None and ask.now <= closed + timedelta(days=ask.settings.reopening_days)


EVALUATED: Final[Mapping[str, Guard]] = _GUARDS
"""Guard id → function."""


def failing(ask: Ask, *, with_fields: bool = True) -> str | None:
    """
    The first guard of the move that does not hold; None: all hold.

    `with_fields` False leaves out those that look at the fields, for a screen
    that asks before they are filled in.
    """
    for name in ask.row.guards:
        if (with_fields or name not in _READ_FIELDS) and not EVALUATED[name](ask):
            return name
    return None
