"""Whether the rules are whole: gaps, ties, departments without anybody, faulty rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, Scope, require
from gis.cases.settings import read_case_settings
from gis.db.frames import read_frame
from gis.db.sqlfile import load_sql
from gis.dispatch.model import Department, Rule
from gis.dispatch.queries import Known, rules_around
from gis.errors import Term

_GAPS = load_sql(__package__, "classes_without_rule")
_PEOPLE = load_sql(__package__, "people_of_rules")
CONFLICTS_MOST = 500


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules that nothing but their age decides between: likely one of them is a slip."""

    first: Rule
    """The one that wins."""
    second: Rule


@dataclass(frozen=True, slots=True)
class Empty:
    """A post of a department that rules name, with nobody there."""

    department: Department
    post: str
    rules: int
    people: int
    """Persons who hold the post; 0: nobody ever sees the case, else nobody is on shift now."""


@dataclass(frozen=True)
class Completeness:
    """What is wrong with the rules of an area at a moment."""

    gaps: pd.DataFrame
    """Street by class: `area_code`, `kind`, `class_code`, names, `none`, `partly`, `cells`."""
    conflicts: tuple[Conflict, ...]
    empty: tuple[Empty, ...]
    faulty: tuple[Known, ...]
    """Rules with `flaws`: they win where they fit, and nobody is proposed."""

    @property
    def cells_without(self) -> int:
        """Pairs of a unit grid and a class without any rule."""
        return int(self.gaps["none"].sum())

    @property
    def cells_partly(self) -> int:
        """Pairs with rules only for some conditions or hours."""
        return int(self.gaps["partly"].sum())


def completeness(conn: Connection, *, actor: Actor, now: datetime, area: str = "") -> Completeness:
    """
    Everything that is missing or doubtful about the rules in force, in the actor's area.

    Counts are exact. Rules of a condition or of some hours do not fill a gap:
    the cell then counts as `partly`.

    Raises
    ------
    Forbidden
        Without the right to manage rules.
    """
    require(actor, Permission.MANAGE_RULES)
    settings = read_case_settings(conn)
    at = now.astimezone(settings.zone)
    params = {"edition": settings.edition, "day": at.date(), "scope": actor.scope.as_list()}
    known = [
        (rule, department)
        for rule, department in rules_around(conn, settings.edition, day=at.date(), since=at.date())
        if _concerns(actor.scope, rule.area_code)
    ]
    people = conn.execute(_PEOPLE, params | {"clock": at.time().replace(tzinfo=None)})
    return Completeness(
        gaps=read_frame(conn, _GAPS, params | {"area": area}).astype(
            {"none": int, "partly": int, "cells": int}
        ),
        conflicts=tuple(conflicts_of(rule for rule, _department in known))[:CONFLICTS_MOST],
        empty=tuple(
            Empty(
                Department(row.department_id, row.department_code, "",
                           Term(row.department_zh, row.department_en), ""),
                row.post, row.rules, row.people,
            )
            for row in people
        ),
        faulty=tuple((rule, department) for rule, department in known if rule.flaws),
    )  # fmt: skip


def _concerns(scope: Scope, code: str) -> bool:
    """Whether a rule of an area counts somewhere in a scope: it lies inside, or around it."""
    return scope.covers(code) or any(prefix.startswith(code) for prefix in scope.prefixes)


def conflicts_of(rules: Iterable[Rule]) -> list[Conflict]:
    """
    Pairs of equal rank: same area, class, condition and hours a week, both at some moment.

    Rules that name the same department and post agree, however they are ranked.
    """
    by_place: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        by_place[
            rule.kind, rule.edition, rule.area_code, rule.class_code, rule.condition_no,
            rule.window.minutes_a_week,
        ].append(rule)  # fmt: skip
    return [pair for same in by_place.values() for pair in _pairs(same)]


def _pairs(same: Sequence[Rule]) -> Iterable[Conflict]:
    ordered = sorted(same, key=lambda rule: (-rule.valid_from.toordinal(), rule.id))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            differ = (first.department_id, first.post) != (second.department_id, second.post)
            # The first began later: both count until one of them ends.
            together = second.valid_to is None or first.valid_from < second.valid_to
            if differ and together and first.window.overlaps(second.window):
                yield Conflict(first, second)
