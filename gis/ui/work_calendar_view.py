"""Parts of the calendar page: a year at a glance, its special days, setting one, who set what."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

import streamlit as st

from gis.accounts.model import Actor
from gis.i18n import translate
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, local_date, local_time, locale, today
from gis.worktime.commands import (
    OWN_SOURCE,
    REASON_MOST,
    SOURCE,
    SOURCE_MOST,
    restore_day,
    set_day,
)
from gis.worktime.queries import DayEdit
from gis.worktime.tables import SEPARATOR
from gis.worktime.year import DayKind, ShownDay, months, special

_CSS = Path(__file__).with_name("work_calendar.css")
YEARS_BACK, YEARS_AHEAD = 2, 2


def choose_year() -> int:
    """The year that is looked at."""
    now = today().year
    years = range(now - YEARS_BACK, now + YEARS_AHEAD + 1)
    return int(
        st.segmented_control(
            _("Year"), list(years), default=now, format_func=str, key="work_calendar.year",
            required=True, label_visibility="collapsed",
        )
        or now
    )  # fmt: skip


def kind_name(kind: DayKind) -> str:
    """What a day is, in words."""
    return {
        DayKind.WORKDAY: _("Workday"),
        DayKind.WEEKEND: _("Weekend"),
        DayKind.HOLIDAY: _("Day off"),
        DayKind.MOVED: _("Moved workday"),
        DayKind.GUESSED: _("No notice yet"),
    }[kind]


def _said(source: str) -> str:
    """A source with its occasion in the person's language; what people wrote stays as it is."""
    document, sign, occasion = source.partition(SEPARATOR)
    named = {SOURCE: _("State Council notice"), OWN_SOURCE: _("set here without a document")}
    occasion = translate(occasion, locale()) if occasion else ""
    return f"{named.get(document, document)}{sign}{occasion}"


def year_at_a_glance(days: Sequence[ShownDay]) -> None:
    """Twelve months; each day says what it is and by which source when pointed at."""
    st.html(_CSS)
    if all(day.kind is DayKind.GUESSED for day in days):
        st.warning(
            _(
                "No holiday notice is known for this year: Monday to Friday count as workdays, and"
                " time limits over it are provisional. They are computed anew when it is known."
            ),
            icon=":material/event_busy:",
        )
    marks = "".join(
        f'<span class="wm-{kind}">{escape(kind_name(kind))}</span>'
        for kind in (DayKind.HOLIDAY, DayKind.MOVED, DayKind.WEEKEND, DayKind.GUESSED)
    )
    own = f'<span class="wm-own">{escape(_("Set here"))}</span>'
    st.html(f'<div class="wm-year" style="display:block"><div class="wm-legend">{marks}{own}</div>'
            f'</div><div class="wm-year">{"".join(map(_month, months(days)))}</div>')  # fmt: skip


def sources() -> None:
    """Where the published days come from."""
    st.caption(
        _(
            "State Council notice: the holiday notices of its general office, as chinesecalendar"
            " holds them."
        )
    )


def _month(weeks: Sequence[Sequence[ShownDay | None]]) -> str:
    first = next(day for day in weeks[0] if day)
    heads = "".join(
        f"<th>{escape(local_date(day, 'EEEEE'))}</th>"
        for day in (date(2024, 1, n) for n in range(1, 8))  # a Monday to a Sunday
    )
    rows = "".join(f"<tr>{''.join(map(_cell, week))}</tr>" for week in weeks)
    caption = escape(local_date(first.day, "LLLL"))
    return f"<table><caption>{caption}</caption><tr>{heads}</tr>{rows}</table>"


def _cell(day: ShownDay | None) -> str:
    if day is None:
        return "<td></td>"
    classes = [f"wm-{day.kind}"]
    classes += ["wm-own"] if day.own else []
    classes += ["wm-today"] if day.day == today() else []
    title = " · ".join(
        part for part in (local_date(day.day), kind_name(day.kind), _said(day.source)) if part
    )
    return f'<td class="{" ".join(classes)}" title="{escape(title)}">{day.day.day}</td>'


def special_days(days: Sequence[ShownDay]) -> None:
    """Holidays, moved workdays and what was set here, each with its source."""
    found = special(days)
    with st.expander(_("Holidays and moved workdays ({n})").format(n=len(found))):
        st.dataframe(
            [
                {
                    "day": local_date(day.day),
                    "weekday": local_date(day.day, "EEE"),
                    "kind": kind_name(day.kind),
                    "source": _said(day.source),
                    "own": day.own,
                }
                for day in found
            ],
            hide_index=True,
            column_config={
                "day": st.column_config.TextColumn(_("Day")),
                "weekday": st.column_config.TextColumn(_("Weekday")),
                "kind": st.column_config.TextColumn(_("It is")),
                "source": st.column_config.TextColumn(_("Source"), width="large"),
                "own": st.column_config.CheckboxColumn(_("Set here")),
            },
            key="work_calendar.special",
        )


def edit(actor: Actor, year: int, days: Sequence[ShownDay]) -> None:
    """Set one day; a refusal leaves what was typed."""
    by_day = {day.day: day for day in days}
    first = today() if today().year == year else date(year, 1, 1)
    with st.container(border=True):
        st.subheader(_("Set a day"), anchor=False)
        day = st.date_input(
            _("Day"), value=first, min_value=date(year, 1, 1), max_value=date(year, 12, 31),
            key=f"work_calendar.day.{year}",
        )  # fmt: skip
        if not isinstance(day, date):
            return
        stands = by_day[day]
        st.caption(" · ".join(p for p in (kind_name(stands.kind), _said(stands.source)) if p))
        with st.form("work_calendar.form", border=False):
            works = st.radio(
                _("It is"), [False, True], index=int(not stands.works), horizontal=True,
                format_func=lambda yes: _("Workday") if yes else _("Day off"),
                key=f"work_calendar.works.{day}",
            )  # fmt: skip
            reason = st.text_input(
                _("Reason, as time limits will name it"), max_chars=REASON_MOST,
                key="work_calendar.reason",
            )  # fmt: skip
            source = st.text_input(
                _("Document it follows"), max_chars=SOURCE_MOST, key="work_calendar.source"
            )
            saved = st.form_submit_button(_("Save"), type="primary")
        restored = stands.own and st.button(_("Back to the published notice"))
    if saved:
        _save(actor, stands, works=bool(works), reason=reason, source=source)
    elif restored:
        _restore(actor, stands)


def _save(actor: Actor, day: ShownDay, *, works: bool, reason: str, source: str) -> None:
    with shown_errors():
        with unit_of_work() as conn:
            set_day(
                conn, actor=actor, day=day.day, is_workday=works, reason=reason, source=source,
                expected_source=day.source, now=datetime.now(UTC),
            )  # fmt: skip
        _done(day)


def _restore(actor: Actor, day: ShownDay) -> None:
    with shown_errors():
        with unit_of_work() as conn:
            restore_day(
                conn, actor=actor, day=day.day, expected_source=day.source, now=datetime.now(UTC)
            )
        _done(day)


def _done(day: ShownDay) -> None:
    for name in ("reason", "source"):
        st.session_state.pop(f"work_calendar.{name}", None)
    say_next(
        _("{day} is set; running time limits follow within two minutes.").format(
            day=local_date(day.day)
        )
    )
    st.rerun()


def history(edits: Sequence[DayEdit]) -> None:
    """Who set which day, when, from what to what."""
    st.subheader(_("Changes"), anchor=False)
    if not edits:
        st.caption(_("No day of this year was set here: all of it is as published."))
        return
    names = {True: _("Workday"), False: _("Day off"), None: _("No notice yet")}
    st.dataframe(
        [
            {
                "at": local_time(one.at),
                "who": one.who or _("System"),
                "day": local_date(one.day),
                "was": f"{names[one.was]} · {_said(one.was_source)}".removesuffix(" · "),
                "now": f"{names[one.now]} · {_said(one.source)}",
            }
            for one in edits
        ],
        hide_index=True,
        column_config={
            "at": st.column_config.TextColumn(_("When")),
            "who": st.column_config.TextColumn(_("Who")),
            "day": st.column_config.TextColumn(_("Day")),
            "was": st.column_config.TextColumn(_("Before")),
            "now": st.column_config.TextColumn(_("After")),
        },
        key=f"work_calendar.changes.{locale()}",
    )
