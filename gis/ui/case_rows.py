"""Rows of cases: a table on a desk, cards on a phone; the one look of every list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Literal
from urllib.parse import quote
from zlib import crc32

import pandas as pd
import streamlit as st

from gis.cases.lists import CaseRow
from gis.cases.screen import QUEUE_COLUMNS, TimeLamp, queue_cells, state_chip, time_lamp
from gis.ui.case_link import case_column, case_links
from gis.ui.chips import NO_LAMP, chip_html, lamp_html
from gis.ui.phone import on_phone
from gis.ui.words import _, local_time, locale, name_of, zone

HEIGHT_PX = 620
PINNED = ("number", "lamp")
MOMENTS = ("reported_at", "due_at")
COLUMN_ORDER = ("number", "lamp", *(c.id for c in QUEUE_COLUMNS if c.id not in PINNED))
_NEW = "●"
_CARD = (
    "<a href='/case?number={link}' target='_self' style='display:block;color:inherit;"
    "text-decoration:none;border:1px solid rgba(128,128,128,.4);border-radius:6px;"
    "padding:10px 12px;margin-bottom:10px;min-height:48px'>"
    "<div style='display:flex;flex-wrap:wrap;gap:6px;align-items:center'>"
    "<strong>{mark}{number}</strong>{chips}</div>"
    "<div style='margin-top:6px'>{what}</div>"
    "<div style='font-size:.875rem;opacity:.82;overflow-wrap:anywhere'>{where}</div></a>"
)


def _columns(lamps: Sequence[TimeLamp], *, linked: bool) -> dict[str, Any]:
    """
    How each column looks; lamps have the colours they have everywhere.

    Coloured words are cells with lists of one word: far cheaper than a pandas Styler, which
    walks every cell of the table at each run. States stay plain: the light ones of their
    colours need dark words, and the table writes white.
    """
    colours = {name_of(lamp.words): lamp.colour or NO_LAMP for lamp in lamps}
    config: dict[str, Any] = {
        "new": st.column_config.Column("", pinned=True, width=28, help=_("not read yet"))
    }
    for column in QUEUE_COLUMNS:
        label, pinned = name_of(column.label), column.id in PINNED
        if column.id == "number" and linked:
            config[column.id] = case_column(label, pinned=pinned)
        elif column.id == "lamp":
            config[column.id] = st.column_config.MultiselectColumn(
                label, options=list(colours), color=list(colours.values()), pinned=pinned
            )
        elif column.id in MOMENTS:
            config[column.id] = st.column_config.DatetimeColumn(label, format="MM-DD HH:mm")
        else:
            config[column.id] = st.column_config.Column(label, pinned=pinned)
    return config


@dataclass(frozen=True)
class _Choice:
    """Which rows of a table are chosen, by the numbers of their cases."""

    key: str
    rows: Sequence[str]

    @property
    def table(self) -> str:
        """The key of the table: other rows are another table, which begins with what is chosen."""
        return f"{self.key}.{crc32(' '.join(self.rows).encode()):08x}"

    def take(self) -> None:
        """Somebody has chosen, among the rows as they were drawn."""
        st.session_state[self.key] = self._at(st.session_state[self.table])

    def as_selection(self) -> Any:
        """What is chosen, as the table takes it."""
        held = self._held()
        return {"selection": {"rows": [n for n, row in enumerate(self.rows) if row in held]}}

    def numbers(self, event: Any) -> list[str]:
        """What is chosen now; a session that knows nothing believes what the browser brings."""
        if self.key not in st.session_state:
            return self._at(event)
        st.session_state[self.key] = self._held()
        return self._held()

    def _held(self) -> list[str]:
        return [row for row in self.rows if row in st.session_state.get(self.key, ())]

    def _at(self, event: Any) -> list[str]:
        return [self.rows[n] for n in event.selection.rows if n < len(self.rows)]


def row_table(
    rows: Sequence[CaseRow],
    *,
    now: datetime,
    key: str,
    columns: Collection[str] = (),
    mode: Literal["single-row", "multi-row"] = "single-row",
    unread: Collection[str] | None = None,
    linked: bool = False,
    height: int = HEIGHT_PX,
    also: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[str]:
    """
    The rows as a table; answers the numbers that are chosen, as long as they are among the rows.

    A choice is of a case, not of a place: when other rows come or go, the same ones stay chosen.

    `columns` are shown in their usual order, none: all. `unread` marks numbers not read yet.
    `linked`: the number opens the case in a tab of its own. `also` adds columns: name →
    value by number, shown last under the name as it is.
    """
    shown = pd.DataFrame([queue_cells(row, now=now, locale=locale()) for row in rows])
    for name in MOMENTS:
        shown[name] = pd.to_datetime(shown[name], utc=True).dt.tz_convert(zone())
    shown["lamp"] = [[words] for words in shown["lamp"]]
    if unread is not None:
        shown["new"] = [_NEW if row.number in unread else "" for row in rows]
    for name, values in (also or {}).items():
        shown[name] = [values.get(row.number, "") for row in rows]
    if linked:
        shown["number"] = case_links(shown["number"])
    wanted = [c for c in COLUMN_ORDER if not columns or c in columns or c == "number"]
    choice = _Choice(f"{key}.chosen", [row.number for row in rows])
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        height="content" if 33 * (len(rows) + 1) < height else height,
        placeholder="",
        column_order=(*(("new",) if unread is not None else ()), *wanted, *(also or {})),
        column_config=_columns([time_lamp(row, now) for row in rows], linked=linked),
        on_select=choice.take,
        selection_mode=mode,
        selection_default=choice.as_selection(),
        key=choice.table,
    )
    return choice.numbers(event)


def card_html(row: CaseRow, *, now: datetime, unread: bool = False) -> str:
    """A case as a card that opens it; every text of people is escaped."""
    cells = queue_cells(row, now=now, locale=locale())
    where = [str(cells["place"]), local_time(row.reported_at, "short")]
    return _CARD.format(
        link=quote(row.number),
        number=escape(row.number),
        mark=f"<span title='{escape(_('not read yet'))}'>{_NEW}</span> " if unread else "",
        chips=f"{chip_html(state_chip(row.state))}{lamp_html(time_lamp(row, now))}",
        what=escape(" · ".join(str(cells[c]) for c in ("class", "excerpt") if cells[c])),
        where=escape(" · ".join(part for part in (*where, str(cells["department"])) if part)),
    )


def row_cards(rows: Sequence[CaseRow], *, now: datetime, unread: Collection[str] = ()) -> None:
    """The rows one below the other, as a phone shows them."""
    st.html("".join(card_html(row, now=now, unread=row.number in unread) for row in rows))


def show_rows(
    rows: Sequence[CaseRow], *, now: datetime, key: str, columns: Collection[str] = ()
) -> list[str]:
    """A list to read and to choose several of; a phone shows cards and chooses nothing."""
    if on_phone():
        row_cards(rows, now=now)
        return []
    return row_table(rows, now=now, key=key, columns=columns, mode="multi-row", linked=True)
