"""Responsibility grids (责任网格): groups of unit grids given to supervisors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from gis.accounts.model import Actor, Permission, Scope, acting_role, require, require_area
from gis.audit.trail import record
from gis.errors import Conflict, Invalid, NotFound, Term, fault
from gis.grids.tables import grid_cell, responsibility_grid, responsibility_grid_cell
from gis.i18n import N_

MOST_CELLS = 500
"""A group larger than this is a mistake; cities report 15 to 40 cells a group."""

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('responsibility_grid'))")


@dataclass(frozen=True)
class ResponsibilityGrid:
    """A group of unit grids; `grid_codes` in order."""

    code: str
    name: Term
    area_code: str
    valid_from: date
    valid_to: date | None
    grid_codes: tuple[str, ...]


def group_cells(
    conn: Connection,
    *,
    actor: Actor,
    code: str,
    name: Term,
    area_code: str,
    grid_codes: Sequence[str],
    valid_from: date,
    now: datetime,
) -> ResponsibilityGrid:
    """
    Make a responsibility grid of unit grids that are in force inside one area.

    A unit grid belongs to at most one responsibility grid at a time, so that a place never has
    two groups of supervisors. The group need not be contiguous.

    Raises
    ------
    Invalid
        No cell, more than 500, a cell outside the area or not in force; all faults are named.
    Conflict
        The code is taken, or a cell belongs to another group; names both.
    Forbidden
        Without the right to manage rosters, or outside the area of one's posts.
    """
    require(actor, Permission.MANAGE_ROSTER)
    require_area(actor, area_code)
    conn.execute(_LOCK)
    cells = sorted(set(grid_codes))
    _check_cells(conn, cells, area_code)
    _check_free(conn, code, cells)
    new_id = conn.execute(
        insert(responsibility_grid)
        .values(
            code=code,
            name_zh=name.zh,
            name_en=name.en,
            area_code=area_code,
            valid_from=valid_from,
        )
        .returning(responsibility_grid.c.id)
    ).scalar_one()
    members = [{"responsibility_grid_id": new_id, "grid_code": cell} for cell in cells]
    conn.execute(insert(responsibility_grid_cell), members)
    _write_trail(conn, new_id, actor, "group", now, {"code": code, "cells": len(cells)})
    return ResponsibilityGrid(code, name, area_code, valid_from, None, tuple(cells))


def end_group(conn: Connection, *, actor: Actor, code: str, valid_to: date, now: datetime) -> None:
    """
    End a responsibility grid on a day; its cells are free from then on.

    A group that would have been in force for no day is removed.

    Raises
    ------
    NotFound
        No such group in force inside the actor's area.
    """
    require(actor, Permission.MANAGE_ROSTER)
    conn.execute(_LOCK)
    row = conn.execute(
        select(
            responsibility_grid.c.id,
            responsibility_grid.c.area_code,
            responsibility_grid.c.valid_from,
        ).where(responsibility_grid.c.code == code, responsibility_grid.c.valid_to.is_(None))
    ).one_or_none()
    if row is None or not actor.scope.covers(row.area_code):
        raise NotFound(N_("There is no responsibility grid {code} in force."), code=code)
    this = responsibility_grid.c.id == row.id
    if row.valid_from >= valid_to:
        members = responsibility_grid_cell.c.responsibility_grid_id == row.id
        conn.execute(delete(responsibility_grid_cell).where(members))
        conn.execute(delete(responsibility_grid).where(this))
    else:
        conn.execute(update(responsibility_grid).where(this).values(valid_to=valid_to))
    _write_trail(conn, row.id, actor, "end", now, {"code": code, "valid_to": valid_to.isoformat()})


def responsibility_grids(conn: Connection, *, scope: Scope) -> list[ResponsibilityGrid]:
    """The groups in force whose area lies in the scope, in code order."""
    member = responsibility_grid_cell
    statement = (
        select(responsibility_grid, member.c.grid_code)
        .outerjoin(member, member.c.responsibility_grid_id == responsibility_grid.c.id)
        .where(responsibility_grid.c.valid_to.is_(None))
        .where(text("area_code ^@ ANY(CAST(:scope AS text[]))"))
        .order_by(responsibility_grid.c.code, member.c.grid_code)
    )
    groups: dict[str, ResponsibilityGrid] = {}
    for row in conn.execute(statement, {"scope": scope.as_list()}):
        before = groups[row.code].grid_codes if row.code in groups else ()
        groups[row.code] = ResponsibilityGrid(
            row.code,
            Term(row.name_zh, row.name_en),
            row.area_code,
            row.valid_from,
            row.valid_to,
            (*before, row.grid_code) if row.grid_code else before,
        )
    return list(groups.values())


def _check_cells(conn: Connection, cells: Sequence[str], area_code: str) -> None:
    if not 0 < len(cells) <= MOST_CELLS:
        raise Invalid(
            N_("A responsibility grid holds 1 to {most} unit grids, not {count}."),
            most=MOST_CELLS,
            count=len(cells),
        )
    in_force = grid_cell.c.code.in_(cells) & grid_cell.c.valid_to.is_(None)
    known = set(conn.scalars(select(grid_cell.c.code).where(in_force)))
    faults = []
    for cell in cells:
        if cell not in known:
            faults.append(fault("grid_code", N_("{value} is no unit grid in force."), value=cell))
        elif not cell.startswith(area_code):
            faults.append(
                fault("grid_code", N_("{value} lies outside {area}."), value=cell, area=area_code)
            )
    if faults:
        raise Invalid(N_("These unit grids cannot be grouped."), faults=faults)


def _check_free(conn: Connection, code: str, cells: Sequence[str]) -> None:
    if conn.scalar(select(responsibility_grid.c.id).where(responsibility_grid.c.code == code)):
        raise Conflict(N_("There is a responsibility grid {code} already."), code=code)
    member = responsibility_grid_cell
    taken = conn.execute(
        select(member.c.grid_code, responsibility_grid.c.code)
        .join(responsibility_grid, responsibility_grid.c.id == member.c.responsibility_grid_id)
        .where(member.c.grid_code.in_(cells), responsibility_grid.c.valid_to.is_(None))
        .order_by(member.c.grid_code)
        .limit(1)
    ).one_or_none()
    if taken is not None:
        raise Conflict(
            N_("Unit grid {cell} belongs to responsibility grid {code}; end that one first."),
            cell=taken.grid_code,
            code=taken.code,
        )


def _write_trail(
    conn: Connection,
    subject_id: int,
    actor: Actor,
    action: str,
    now: datetime,
    data: dict[str, object],
) -> None:
    record(
        conn,
        subject_type="responsibility_grid",
        subject_id=subject_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_ROSTER),
        action=action,
        at=now,
        data=data,
    )
