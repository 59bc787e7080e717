"""The list of an inbox as a component: chosen by hand, or by the keys j, k, Enter and 1 to 9."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from gis.cases.lists import CaseRow
from gis.cases.screen import queue_cells, state_chip, time_lamp
from gis.ui.chips import NO_LAMP
from gis.ui.phone import on_phone
from gis.ui.words import _, local_time, locale, name_of

_HERE = Path(__file__).parent


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _entry(row: CaseRow, *, now: datetime, unread: bool, mine: bool) -> dict[str, object]:
    cells = queue_cells(row, now=now, locale=locale())
    chip, lamp = state_chip(row.state), time_lamp(row, now)
    due = _("due {time}").format(time=local_time(row.due_at, "short")) if row.due_at else ""
    where = (str(cells["place"]), str(cells["department"]), str(cells["handler"]), due)
    return {
        "number": row.number,
        "unread": unread,
        "mine": mine,
        "state": name_of(chip.name),
        "background": chip.background,
        "colour": chip.text,
        "lamp": name_of(lamp.words),
        "lampColour": lamp.colour or NO_LAMP,
        "what": " · ".join(str(cells[c]) for c in ("class", "excerpt") if cells[c]),
        "where": " · ".join(part for part in where if part),
    }


def task_list(
    rows: Sequence[CaseRow],
    *,
    now: datetime,
    unread: Collection[str],
    key: str,
    mine: Collection[str] = (),
) -> str | None:
    """The rows; answers the number in hand, the first one until another is chosen."""
    if not rows:
        return None
    before = st.session_state.get(f"{key}.chosen")
    numbers = [row.number for row in rows]
    chosen = before if before in numbers else numbers[0]
    component = st.components.v2.component(
        "wanmi_inbox", html="<ol role='listbox' tabindex='0'></ol>", css=_text("list.css"),
        js=_text("list.js"),
    )  # fmt: skip
    told: Any = component(
        data={
            "rows": [
                _entry(row, now=now, unread=row.number in unread, mine=row.number in mine)
                for row in rows
            ],
            "chosen": chosen,
            "phone": on_phone(),
            "words": {
                "unread": _("not read yet"),
                "list": _("Tasks by deadline"),
                "mine": _("Given to me"),
            },
        },
        key=key,
        on_chosen_change=lambda: None,
    )
    picked = getattr(told, "chosen", None)
    if picked in numbers:
        chosen = str(picked)
    st.session_state[f"{key}.chosen"] = chosen
    return chosen
