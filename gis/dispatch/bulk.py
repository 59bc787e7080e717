"""Moving many cases at once: a preview of what each will get, then one transaction for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from gis.accounts.model import Actor, Permission, require
from gis.accounts.tables import department, person
from gis.audit import idempotency
from gis.cases.intake_rules import acting_role
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number, history
from gis.cases.records import Case
from gis.cases.workflow import MOVES
from gis.db.engine import transaction
from gis.db.sqlfile import load_sql
from gis.dispatch.commands import move_case, proposal_for
from gis.dispatch.outcomes import Outcome, as_answer, from_answer
from gis.errors import GisError, Invalid, NotFound, Refused, Term, fault
from gis.i18n import N_
from gis.standards.queries import limits_of_class

BULK_MOST: Final = 200
BULK_MOVES: Final = (
    Move.REGISTER, Move.ORDER_VERIFICATION, Move.REFUSE, Move.MERGE, Move.FILE,
    Move.REFUSE_FILING, Move.BACK_TO_ACCEPTOR, Move.DISPATCH, Move.ASK_CANCEL,
    Move.BACK_TO_FILING, Move.APPROVE_CANCEL, Move.REJECT_CANCEL, Move.APPROVE_RETURN,
    Move.REJECT_RETURN, Move.APPROVE_EXTENSION, Move.REJECT_EXTENSION, Move.REJECT_SUSPENSION,
    Move.RESUME, Move.TAKE_UP, Move.ORDER_CHECK, Move.CLOSE, Move.BACK_TO_CHECK, Move.SUPERVISE,
)  # fmt: skip
"""Moves that several cases can get together: those that ask for no photo and no day."""
OWN_FIELDS: Final = {
    Move.DISPATCH: "department", Move.FILE: "condition", Move.CLOSE: "condition",
}  # fmt: skip
"""Fields that each case fills in for itself when they are left empty."""

_CHOSEN = load_sql(__package__, "cases_chosen")
_TOO_MANY = N_("{count} cases are too many at once; {most} are possible. Choose fewer.")
_NO_RULE = N_("No dispatch rule fits case {number}; a dispatcher has to decide.")
_NO_CONDITION = N_("Which condition holds for case {number} has to be decided by looking at it.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case somebody has chosen, as it stood."""

    number: str
    state: State
    version: int


def chosen_cases(conn: Connection, *, actor: Actor, numbers: Sequence[str]) -> list[Chosen]:
    """
    The chosen cases that this person may see, in the order they were chosen.

    Raises
    ------
    Invalid
        When there are more than `BULK_MOST`.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > BULK_MOST:
        count, most = len(wanted), BULK_MOST
        faults = [fault("numbers", _TOO_MANY, count=count, most=most)]
        raise Invalid(_TOO_MANY, faults=faults, count=count, most=most)
    params = {
        "numbers": [number.replace("\x00", "") for number in wanted],
        **actor.scope.params_of(actor.person_id),
    }
    found = {
        row.number: Chosen(row.number, State(row.state), row.version)
        for row in conn.execute(_CHOSEN, params)
    }
    return [found[number] for number in wanted if number in found]


def moves_for(actor: Actor, chosen: Sequence[Chosen]) -> list[Move]:
    """The moves that this person's posts make from the state of at least one of the cases."""
    states = {case.state for case in chosen}
    roles = {str(role) for role in actor.roles}
    return [
        move for move in BULK_MOVES if states & MOVES[move].sources and roles & MOVES[move].roles
    ]


def preview(
    conn: Connection,
    *,
    actor: Actor,
    numbers: Sequence[str],
    move: Move | str,
    fields: Mapping[str, object],
    now: datetime,
) -> list[Outcome]:
    """
    What each case would get from a move, and which would be refused and why.

    Every move is made in the order chosen and all are taken back at the end:
    what is shown is what the commands do, the choice of supervisors one after
    the other included. Nothing stays written; the cases are held for as long
    as it takes.

    Raises
    ------
    Forbidden, Invalid
        No right to move cases; too many cases, or a move that is not made in bulk.
    """
    wanted = _allowed(actor, move)
    cases = {case.number: case for case in chosen_cases(conn, actor=actor, numbers=numbers)}
    found: list[tuple[Outcome, Case | None]] = []
    attempt = conn.begin_nested()
    try:
        for number in dict.fromkeys(numbers):
            found.append(_try(conn, actor, cases.get(number), number, wanted, fields, now))
        return _named(conn, found)
    finally:
        attempt.rollback()


def make(
    engine: Engine,
    *,
    actor: Actor,
    decided: Sequence[Outcome],
    move: Move | str,
    fields: Mapping[str, object],
    now: datetime,
    key: str | None = None,
) -> list[Outcome]:
    """
    Make a move on every case of a preview that will get it, each in a transaction of its own.

    `decided` is the preview that the person saw: a case that somebody changed
    since is refused by its version, the others are moved. With a `key` a
    repeated request moves nothing twice and answers for every case that was
    moved what was answered first; one that was refused is tried again.
    """
    wanted = _allowed(actor, move)
    if len(decided) > BULK_MOST:
        raise Invalid(_TOO_MANY, count=len(decided), most=BULK_MOST)
    found: list[Outcome] = []
    for one in decided:
        if not one.will or one.version is None or one.before is None:
            continue
        case = Chosen(one.number, one.before, one.version)
        own_key = f"{key}:{case.number}:{case.version}" if key else None
        try:
            with transaction(engine) as conn:
                found.append(_make_one(conn, actor, case, wanted, fields, now, own_key))
        except GisError as error:
            found.append(_refused(one.number, case, error))
    return found


def _make_one(
    conn: Connection,
    actor: Actor,
    case: Chosen,
    move: Move,
    fields: Mapping[str, object],
    now: datetime,
    key: str | None,
) -> Outcome:
    """One move; the key is taken before anything is looked up that the move itself changes."""
    who = actor.person_id
    if key is not None:
        request = {
            "bulk": str(move), "case": case.number, "version": case.version,
            "fields": dict(fields),
        }  # fmt: skip
        kept = idempotency.claim(conn, person_id=who, key=key, request=request, now=now)
        if kept is not None:
            return from_answer(kept)
    done = _move(conn, actor, case, move, fields, now)
    [outcome] = _named(conn, [(_got(case, done), done)])
    if key is not None:
        idempotency.keep_response(conn, person_id=who, key=key, response=as_answer(outcome))
    return outcome


def _allowed(actor: Actor, move: Move | str) -> Move:
    require(actor, Permission.MOVE_CASES)
    if move in BULK_MOVES:
        return Move(move)
    message = N_("“{move}” is not made on several cases at once.")
    label: object = MOVES[Move(move)].label if move in set(Move) else str(move)[:40]
    raise Invalid(message, faults=[fault("move", message, move=label)], move=label)


def _try(
    conn: Connection,
    actor: Actor,
    case: Chosen | None,
    number: str,
    move: Move,
    fields: Mapping[str, object],
    now: datetime,
) -> tuple[Outcome, Case | None]:
    if case is None:
        unknown = NotFound(N_("There is no case {number} in your area."), number=number[:40])
        return _refused(number, None, unknown), None
    try:
        with conn.begin_nested():
            done = _move(conn, actor, case, move, fields, now)
    except GisError as error:
        return _refused(number, case, error), None
    return _got(case, done), done


def _move(
    conn: Connection,
    actor: Actor,
    case: Chosen,
    move: Move,
    fields: Mapping[str, object],
    now: datetime,
) -> Case:
    sent = dict(fields)
    if move in OWN_FIELDS and OWN_FIELDS[move] not in sent:
        sent |= _own(conn, actor, case, move, now)
    return move_case(
        conn,
        actor=actor,
        number=case.number,
        move=move,
        fields=sent,
        expected_version=case.version,
        now=now,
    )


def _own(
    conn: Connection, actor: Actor, chosen: Chosen, move: Move, now: datetime
) -> dict[str, Any]:
    """What a case brings itself: the department of its rule, the condition it meets."""
    detail = case_by_number(conn, chosen.number, scope=actor.scope, person_id=actor.person_id)
    case = detail.case
    if (
        case.version != chosen.version
        or acting_role(actor, MOVES[move].roles) not in MOVES[move].roles
    ):
        return {OWN_FIELDS[move]: 1}  # the command says what is wrong; it never gets to this field
    if move is Move.DISPATCH:
        proposal = proposal_for(conn, case, now)
        if proposal is None or proposal.flaws:
            raise Refused(_NO_RULE, number=case.number)
        helping = [one.id for one in proposal.assistants]
        return {"department": proposal.department.id, "assistants": helping}
    if move is Move.CLOSE and case.condition_no is not None:
        return {"condition": case.condition_no}
    rules = limits_of_class(conn, kind=case.kind, edition=case.edition, code=case.class_code)
    numbers = {rule.condition_no for rule in rules}
    held = _ticked(conn, actor, case) & numbers or numbers
    if len(held) != 1:
        raise Refused(_NO_CONDITION, number=case.number)
    return {"condition": held.pop()}


def _ticked(conn: Connection, actor: Actor, case: Case) -> set[int]:
    """The filing conditions that the acceptor or the supervisor on site found to hold."""
    steps = history(conn, case.id, scope=actor.scope, person_id=actor.person_id)
    last = next((s for s in reversed(steps) if s.data.get("checks")), None)
    return {check["no"] for check in last.data["checks"] if check["ticked"]} if last else set()


def _got(case: Chosen, done: Case) -> Outcome:
    return Outcome(
        number=case.number,
        will=True,
        version=case.version,
        before=case.state,
        after=done.state,
        due_at=done.due_at,
    )


def _refused(number: str, case: Chosen | None, error: GisError) -> Outcome:
    return Outcome(
        number=number,
        will=False,
        version=case.version if case else None,
        before=case.state if case else None,
        reason=error,
    )


def _named(conn: Connection, found: Sequence[tuple[Outcome, Case | None]]) -> list[Outcome]:
    """The outcomes with the names of departments and supervisors."""
    cases = [case for _, case in found if case is not None]
    d, p = department.c, person.c
    departments = {
        row.id: Term(row.name_zh, row.name_en)
        for row in conn.execute(
            select(d.id, d.name_zh, d.name_en).where(d.id.in_({c.department_id for c in cases}))
        )
    }
    people = {
        row.id: row.name
        for row in conn.execute(
            select(p.id, p.name).where(p.id.in_({c.supervisor_id for c in cases}))
        )
    }
    return [
        outcome
        if case is None
        else replace(
            outcome,
            department=departments.get(case.department_id or 0),
            supervisor=people.get(case.supervisor_id),
        )
        for outcome, case in found
    ]
