"""Shifts: made by the district, used by every roster."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from gis.accounts.commands import note
from gis.accounts.model import Actor, Permission, require
from gis.accounts.people_rules import name_faults, raise_if
from gis.accounts.tables import shift
from gis.errors import Fault, Invalid, Refused, fault
from gis.i18n import N_

SHIFTS_MOST = 20
"""A day has no more; every roster shows all of them."""
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,19}")


@dataclass(frozen=True)
class ShiftDraft:
    """What is typed about a shift; one that ends at or before its start runs past midnight."""

    code: str
    name_zh: str
    name_en: str
    starts: time
    ends: time


def check_shift(draft: ShiftDraft) -> None:
    """
    Accept what was typed or name every fault.

    Raises
    ------
    Invalid
        One fault per field.
    """
    faults: list[Fault] = []
    if not _CODE.fullmatch(draft.code):
        words = N_("A shift's code has 1 to 20 small letters, digits or dashes, a letter first.")
        faults.append(fault("code", words))
    faults += name_faults(name_zh=draft.name_zh, name_en=draft.name_en)
    raise_if(faults)


def create_shift(conn: Connection, *, actor: Actor, draft: ShiftDraft, now: datetime) -> int:
    """
    Add a shift; answers its id. Codes are never used twice.

    Shifts stay: rosters of the past name them.

    Raises
    ------
    Forbidden, Invalid, Refused
        Refused above `SHIFTS_MOST`.
    """
    require(actor, Permission.MANAGE_ROSTER)
    check_shift(draft)
    if conn.execute(select(func.count()).select_from(shift)).scalar_one() >= SHIFTS_MOST:
        raise Refused(N_("There are {most} shifts already; more are not kept."), most=SHIFTS_MOST)
    made = conn.execute(
        insert(shift)
        .values(
            code=draft.code,
            name_zh=draft.name_zh.strip(),
            name_en=draft.name_en.strip(),
            starts=draft.starts,
            ends=draft.ends,
        )
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(shift.c.id)
    ).scalar()
    if made is None:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("code", N_("Another shift has this code."))],
        )
    note(
        conn, actor, "shift", made, "created", now, Permission.MANAGE_ROSTER,
        code=draft.code, starts=f"{draft.starts:%H:%M}", ends=f"{draft.ends:%H:%M}",
    )  # fmt: skip
    return int(made)
