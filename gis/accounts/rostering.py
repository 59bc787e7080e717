"""Changes to the roster and to the cells that supervisors walk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from gis.accounts.commands import locked_person, note
from gis.accounts.model import Actor, Permission, Role, require, require_area
from gis.accounts.tables import duty, post, shift, supervisor_cell
from gis.errors import Conflict, Invalid, Refused, fault
from gis.i18n import N_


@dataclass(frozen=True)
class DutyChange:
    """The shifts a person has on a day: as they were read, and as they shall be."""

    person_id: int
    day: date
    was: tuple[int, ...]
    shall_be: tuple[int, ...]


def change_duties(
    conn: Connection, *, actor: Actor, changes: Sequence[DutyChange], today: date, now: datetime
) -> int:
    """
    Write a week's changes, all or none; answers how many days of persons changed.

    Persons are locked in the order of their ids, so that two planners never wait for each other.

    Raises
    ------
    Forbidden
        Without the permission, or for a person whose posts lie outside the actor's area.
    Refused
        The day has passed: who was on duty is history.
    Conflict
        Somebody else changed one of the days after it was read.
    Invalid
        There is no such shift.
    """
    require(actor, Permission.MANAGE_ROSTER)
    wanted = sorted(
        (c for c in changes if set(c.was) != set(c.shall_be)), key=lambda c: (c.person_id, c.day)
    )
    _require_shifts(conn, {shift_id for c in wanted for shift_id in c.shall_be})
    for change in wanted:
        if change.day < today:
            raise Refused(N_("{day} has passed: its roster is history."), day=change.day)
        row = locked_person(conn, actor, change.person_id)
        found = conn.execute(
            select(duty.c.shift_id)
            .where(duty.c.person_id == change.person_id, duty.c.day == change.day)
            .limit(20)
        )
        if {r.shift_id for r in found} != set(change.was):
            raise Conflict(
                N_("Somebody changed {name} on {day} meanwhile. Load the week again."),
                name=row.name,
                day=change.day,
            )
        _write_day(conn, change)
        note(
            conn, actor, "person", change.person_id, "duty_changed", now,
            Permission.MANAGE_ROSTER, day=change.day, shifts=sorted(change.shall_be),
        )  # fmt: skip
    return len(wanted)


def _require_shifts(conn: Connection, ids: Collection[int]) -> None:
    known = {r.id for r in conn.execute(select(shift.c.id).limit(100))}
    if not set(ids) <= known:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("shift", N_("There is no such shift."))],
        )


def _write_day(conn: Connection, change: DutyChange) -> None:
    conn.execute(delete(duty).where(duty.c.person_id == change.person_id, duty.c.day == change.day))
    if change.shall_be:
        rows = [
            {"person_id": change.person_id, "day": change.day, "shift_id": shift_id}
            for shift_id in sorted(set(change.shall_be))
        ]
        conn.execute(insert(duty), rows)


def change_cells(
    conn: Connection, *, actor: Actor, person_id: int, add: Collection[str],
    remove: Collection[str], today: date, now: datetime,
) -> tuple[int, int]:  # fmt: skip
    """
    Give a supervisor cells to walk and take others away, from today; answers both counts.

    What they walked before stays in the table with its end. Adding a cell twice changes nothing.

    Raises
    ------
    Forbidden
        Without the permission, or for cells outside the actor's area.
    Refused
        The person is no supervisor.
    Invalid
        A code is no cell in force; all such codes are named, at most twenty.
    """
    require(actor, Permission.MANAGE_ROSTER)
    for code in {*add, *remove}:
        require_area(actor, code)
    locked_person(conn, actor, person_id)
    _require_supervisor(conn, person_id, today)
    _require_cells(conn, add)
    ended = conn.execute(
        update(supervisor_cell)
        .where(
            supervisor_cell.c.person_id == person_id,
            supervisor_cell.c.grid_code.in_(sorted(remove)),
            supervisor_cell.c.valid_to.is_(None) | (supervisor_cell.c.valid_to > today),
        )
        .values(valid_to=today)
    ).rowcount
    begun = conn.execute(
        text(
            "INSERT INTO supervisor_cell (person_id, grid_code, valid_from)"
            " SELECT :person_id, code, :today FROM unnest(CAST(:codes AS text[])) AS n (code)"
            " WHERE NOT EXISTS (SELECT FROM supervisor_cell w WHERE w.person_id = :person_id"
            "  AND w.grid_code = n.code AND (w.valid_to IS NULL OR w.valid_to > :today))"
            " ON CONFLICT (grid_code, person_id, valid_from) DO UPDATE SET valid_to = NULL"
        ),
        {"person_id": person_id, "today": today, "codes": sorted(set(add))},
    ).rowcount
    if begun or ended:
        note(
            conn, actor, "person", person_id, "cells_changed", now, Permission.MANAGE_ROSTER,
            added=sorted(add), removed=sorted(remove),
        )  # fmt: skip
    return int(begun), int(ended)


def _require_supervisor(conn: Connection, person_id: int, today: date) -> None:
    held = select(post.c.id).where(
        post.c.person_id == person_id,
        post.c.role == Role.SUPERVISOR.value,
        post.c.valid_to.is_(None) | (post.c.valid_to > today),
    )
    if conn.execute(held.limit(1)).first() is None:
        raise Refused(N_("Only supervisors walk cells. Give this person the post first."))


def _require_cells(conn: Connection, codes: Collection[str]) -> None:
    rows = conn.execute(
        text(
            "SELECT code FROM unnest(CAST(:codes AS text[])) AS n (code)"
            " WHERE NOT EXISTS (SELECT FROM grid_cell g"
            "  WHERE g.code = n.code AND g.valid_to IS NULL) ORDER BY code LIMIT 20"
        ),
        {"codes": sorted(set(codes))},
    )
    unknown = [row.code for row in rows]
    if unknown:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[
                fault("cells", N_("No unit grid has the code {code}."), code=code)
                for code in unknown
            ],
        )
