"""Moving a case: one command for every move of the table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Permission, Role, require
from gis.audit import idempotency
from gis.cases import guards
from gis.cases.asking import Ask, Propose
from gis.cases.clusters.following import after_step
from gis.cases.colleagues import colleagues, fault_of
from gis.cases.evidence import checks as evidence
from gis.cases.intake_rules import acting_role
from gis.cases.locking import locked_row
from gis.cases.model import Move
from gis.cases.move_fields import faults_of_step, file_fields, photo_fields, read_fields
from gis.cases.places import known_photos
from gis.cases.queries import case_from_row
from gis.cases.records import Case, is_case_number
from gis.cases.settings import read_case_settings
from gis.cases.steps import write_step
from gis.cases.tasks.following import check_assistants, follow
from gis.cases.tasks.said import complete, with_reason
from gis.cases.workflow import MOVES, check_move, refusal
from gis.db.sqlfile import load_sql
from gis.errors import Conflict, Invalid, NotFound, Refused, Term, fault
from gis.i18n import N_

_LOCK = load_sql(__package__, "case_for_move")
_READ = load_sql(__package__, "case_as_moved")
_DEPARTMENTS = text(
    "SELECT id FROM department WHERE id = ANY(CAST(:ids AS bigint[])) AND valid_from <= :day"
    " AND (valid_to IS NULL OR valid_to > :day)"
)
_NEEDS_SUPERVISOR = frozenset({Move.ORDER_VERIFICATION, Move.ORDER_CHECK, Move.REOPEN})


def move_case(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    move: Move | str,
    fields: Mapping[str, object],
    expected_version: int | None,
    key: str | None = None,
    now: datetime,
    propose: Propose | None = None,
) -> Case:
    """
    Make one move of an existing case; the table decides whether it may be made.

    A move that sends a supervisor picks, when none is named, the one on duty
    for the cell with the fewest open tasks who did not handle the case. With
    nobody on duty the case stays where it is and shows in the list of such
    cases. `propose` asks the dispatch rules; `gis.dispatch.commands.move_case`
    hands it in. Without it a dispatch needs a reason.

    `expected_version` is the version the decision was made on; only the system
    may leave it out. With a `key` a repeated request answers the case as it is
    and moves nothing.

    Raises
    ------
    NotFound
        No such case within what the actor may see.
    Conflict
        Somebody moves it at this moment, or has moved it since: says who and when.
    Forbidden, Refused, Invalid
        Permission; table and guards (with the rule in words); fields (all faults).
    """
    require(actor, Permission.MOVE_CASES)
    read = read_fields(fields)
    if key is not None and _is_replay(
        conn, actor, number, move, fields, expected_version, key, now
    ):
        return case_from_row(conn.execute(_READ, {"number": number}).one())
    case = _locked(conn, actor, number)
    _check_version(conn, case, actor, expected_version)
    ask = _ask(conn, actor, case, move, read, now, propose)
    broken = guards.failing(ask)
    if broken is not None:
        raise refusal(broken, ask.row)
    _check_photos(conn, ask)
    _check_department(ask)
    _check_colleague(ask)
    findings = evidence.check(ask)
    after = write_step(ask)
    after_step(ask, after)
    follow(ask, after)
    evidence.keep(ask, findings)
    if key is not None:
        answer = {"number": after.number, "version": after.version}
        idempotency.keep_response(conn, person_id=actor.person_id, key=key, response=answer)
    return after


def _is_replay(
    conn: Connection,
    actor: Actor,
    number: str,
    move: Move | str,
    fields: Mapping[str, object],
    expected_version: int | None,
    key: str,
    now: datetime,
) -> bool:
    request = {
        "number": number, "move": str(move), "fields": dict(fields), "version": expected_version,
    }  # fmt: skip
    known = idempotency.claim(conn, person_id=actor.person_id, key=key, request=request, now=now)
    return known is not None


def _locked(conn: Connection, actor: Actor, number: str) -> Case:
    params = {
        "number": number,
        **actor.scope.params_of(actor.person_id),
    }
    row = locked_row(conn, _LOCK, params, number=number) if is_case_number(number) else None
    if row is None:
        raise NotFound(N_("There is no case {number} in your area."), number=number)
    return case_from_row(row)


def _check_version(conn: Connection, case: Case, actor: Actor, expected: int | None) -> None:
    if expected == case.version or (expected is None and actor.has(Role.SYSTEM)):
        return
    if expected is None:
        raise Invalid(
            N_("Say which version of the case you decided on."),
            faults=[fault("version", N_("This is needed."))],
        )
    zone = read_case_settings(conn).zone
    who = conn.execute(
        text("SELECT name FROM person WHERE id = :id"), {"id": case.changed_by}
    ).scalar()
    raise Conflict(
        N_(
            "{who} changed case {number} at {when} while you were deciding (version {seen}, now"
            " {current}). Look at it again."
        ),
        who=who or Term("系统", "the system"),
        number=case.number,
        when=case.changed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        seen=expected,
        current=case.version,
    )


def _ask(
    conn: Connection,
    actor: Actor,
    case: Case,
    move: Move | str,
    fields: dict[str, Any],
    now: datetime,
    propose: Propose | None,
) -> Ask:
    """The move as it is asked for, with what the product fills in by itself."""
    wanted = MOVES.get(Move(move)) if move in set(Move) else None
    role = acting_role(actor, wanted.roles if wanted else frozenset())
    row = wanted or check_move(move, case.state, role, fields)  # an unknown move is refused there
    settings = read_case_settings(conn)
    ask = Ask(conn, actor, role, case, row, fields, now, settings, propose)
    if case.state in row.sources and role in row.roles:
        _fill_in(ask, fields)
    check_move(move, case.state, role, with_reason(fields))
    complete(ask, fields)
    return ask


def _fill_in(ask: Ask, fields: dict[str, Any]) -> None:
    move = ask.row.move
    if move in _NEEDS_SUPERVISOR and "supervisor" not in fields:
        fields["supervisor"] = _supervisor_to_send(ask)
    if move is Move.DISPATCH and "department" not in fields and ask.role is Role.SYSTEM:
        if ask.proposed is None:
            raise Refused(
                N_("No dispatch rule fits case {number}; a dispatcher has to decide."),
                number=ask.case.number,
            )
        fields["department"] = ask.proposed.department_id
        fields.setdefault("assistants", list(ask.proposed.assistants))


def _supervisor_to_send(ask: Ask) -> int:
    handled = ask.handlers()
    for person in ask.on_duty:
        if person.person_id not in handled:
            return person.person_id
    raise Refused(
        N_(
            "Nobody is on duty for grid {grid} now, so case {number} waits under “nobody on duty”."
            " Enter somebody in the roster, or try again in the next shift."
        ),
        grid=ask.case.grid_code,
        number=ask.case.number,
        detail="nobody_on_duty",
    )


def _check_photos(conn: Connection, ask: Ask) -> None:
    photos = [sha for name in photo_fields(ask.fields) for sha in ask.fields[name]]
    files = [sha for name in file_fields(ask.fields) for sha in ask.fields[name]]
    if not photos and not files:
        return
    known = known_photos(conn, photos, person_id=ask.actor.person_id)
    known |= known_photos(conn, files, person_id=ask.actor.person_id, any_kind=True)
    faults = [
        fault("photo", N_("Photo {sha} has not arrived. Send the file first."), sha=sha[:12])
        for sha in (*photos, *files)
        if sha not in known
    ]
    faults += faults_of_step(photos, files)
    if faults:
        raise Invalid(N_("Photos of this move are missing or doubled."), faults=faults)


def _check_department(ask: Ask) -> None:
    named = {"department": [ask.fields[n] for n in ("department",) if n in ask.fields]}
    named["assistants"] = list(ask.fields.get("assistants", ()))
    wanted = [one for ids in named.values() for one in ids]
    if not wanted:
        return
    there = set(ask.conn.scalars(_DEPARTMENTS, {"ids": wanted, "day": ask.today}))
    message = N_("This department does not exist any more. Choose another one.")
    faults = [fault(name, message) for name, ids in named.items() if set(ids) - there]
    if faults:
        raise Invalid(message, faults=faults)
    check_assistants(ask)


def _check_colleague(ask: Ask) -> None:
    """The person who is given the case is there, of the department, and had no part in finding."""
    wanted = ask.fields.get("handler")
    if wanted is None:
        return
    people = colleagues(
        ask.conn, department_id=ask.case.department_id, grid_code=ask.case.grid_code, now=ask.now,
        settings=ask.settings,
    )  # fmt: skip
    wrong = fault_of(people, wanted, holder_id=ask.case.handler_id, finders=ask.finders())
    if wrong is not None:
        raise Invalid(N_("The case cannot be given to this person."), faults=[wrong])
