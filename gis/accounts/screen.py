"""What the pages of people and rosters show, as data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Row

from gis.accounts.model import Role, role_terms
from gis.accounts.roster import Rostered, Shift, Week
from gis.accounts.rostering import DutyChange
from gis.errors import Term
from gis.i18n import N_, translate

POST_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
"""Roles that persons can have."""
ROSTER_ROLES = (
    Role.SUPERVISOR,
    Role.ACCEPTOR,
    Role.SHIFT_LEADER,
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
)
"""Roles that work in shifts."""

DEPARTMENT_KINDS = {
    "supervision_centre": N_("Supervision centre"),
    "command_centre": N_("Command centre"),
    "department": N_("Specialist department"),
    "street": N_("Street office"),
}


def area_label(code: str, names: Mapping[str, Term], locale: str) -> str:
    """Code and name of an area; the name of what contains it where it has none of its own."""
    name = names.get(code)
    if name is not None:
        return f"{code} {name.text(locale)}"
    above = next((names[code[:n]] for n in (12, 9, 6, 4) if code[:n] in names), None)
    return code if above is None else f"{code} ({above.text(locale)})"


def post_label(post: Mapping[str, Any], names: Mapping[str, Term], locale: str) -> str:
    """Role and area of a post."""
    role = role_terms()[Role(post["role"])].text(locale)
    return f"{role} · {area_label(post['area_code'], names, locale)}"


def people_table(rows: Iterable[Row[Any]], names: Mapping[str, Term], locale: str) -> pd.DataFrame:
    """The list of persons: one row each, in the order given."""
    department = "department_zh" if locale == "zh-CN" else "department_en"
    return pd.DataFrame(
        [
            {
                "name": row.name,
                "login": row.login,
                "department": getattr(row, department),
                "posts": [post_label(post, names, locale) for post in row.posts],
                "cells": row.cells or None,
                "on_duty": row.on_duty,
                "active": row.active,
            }
            for row in rows
        ],
        columns=["name", "login", "department", "posts", "cells", "on_duty", "active"],
    )


def departments_table(rows: Iterable[Row[Any]], locale: str) -> pd.DataFrame:
    """The list of departments."""
    return pd.DataFrame(
        [
            {
                "code": row.code,
                "name": row.name_zh if locale == "zh-CN" else row.name_en,
                "kind": translate(DEPARTMENT_KINDS.get(row.kind, row.kind), locale),
                "area_code": row.area_code or None,
                "people": row.people,
            }
            for row in rows
        ],
        columns=["code", "name", "kind", "area_code", "people"],
    )


def shift_label(shift: Shift, locale: str) -> str:
    """Name and hours of a shift."""
    return f"{shift.name.text(locale)} {shift.starts:%H:%M}–{shift.ends:%H:%M}"


def coverage_table(week: Week, locale: str) -> pd.DataFrame:
    """
    Shifts by days: how many people are on duty, and for supervisors the cells nobody walks.

    Columns are the days in ISO form; a cell is a sentence, because colour alone says nothing.
    """
    people = translate(N_("{n} on duty"), locale)
    nobody = translate(N_("Nobody on duty"), locale)
    uncovered = translate(N_("{n} on duty, {cells} cells without"), locale)

    def cell(day: date, shift: Shift) -> str:
        n = week.on_duty(day, shift.id)
        without = week.cells_without(day, shift.id)
        if n == 0:
            return nobody
        return uncovered.format(n=n, cells=without) if without else people.format(n=n)

    return pd.DataFrame(
        [
            {"shift": shift_label(shift, locale)}
            | {day.isoformat(): cell(day, shift) for day in week.days}
            for shift in week.shifts
        ],
        columns=["shift", *(day.isoformat() for day in week.days)],
    )


def roster_table(week: Week, names: Mapping[str, Term], locale: str) -> pd.DataFrame:
    """People by days, to be edited: each cell is the list of that day's shift codes."""
    codes = {shift.id: shift.code for shift in week.shifts}
    return pd.DataFrame(
        [
            {"name": person.name, "area": area_label(person.area_code, names, locale)}
            | {
                day.isoformat(): [codes[i] for i in person.days.get(day, ()) if i in codes]
                for day in week.days
            }
            for person in week.people
        ],
        columns=["name", "area", *(day.isoformat() for day in week.days)],
    )


def roster_changes(week: Week, edited: Mapping[int, Mapping[str, Any]]) -> list[DutyChange]:
    """
    What was edited, as changes: `edited` maps the row's position to its changed columns.

    Columns that are no day of the week and unknown shift codes are ignored.
    """
    ids = {shift.code: shift.id for shift in week.shifts}
    changes = []
    for position, columns in edited.items():
        person = week.people[position]
        for day in week.days:
            if day.isoformat() in columns:
                codes = columns[day.isoformat()] or []
                changes.append(_change(person, day, [ids[c] for c in codes if c in ids]))
    return [change for change in changes if set(change.was) != set(change.shall_be)]


def _change(person: Rostered, day: date, shall_be: Sequence[int]) -> DutyChange:
    return DutyChange(person.person_id, day, person.days.get(day, ()), tuple(shall_be))
