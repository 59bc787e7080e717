"""One case on screen: what, where, in which state, what next, and how it came so far."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gis.accounts.model import Actor, Permission
from gis.cases.model import State
from gis.cases.queries import CaseDetail, case_by_number, history
from gis.cases.screen import TimelineEntry, state_chip, time_lamp, timeline
from gis.dispatch.offers import Offer, offers
from gis.errors import Term
from gis.ui.attached_files import file_row
from gis.ui.begun import is_being_filled, words_left
from gis.ui.case_caller import case_caller
from gis.ui.case_clock import clock_section
from gis.ui.case_duplicates import duplicates_section
from gis.ui.case_link import case_link
from gis.ui.case_map import case_map
from gis.ui.case_near_edge import near_edge_section
from gis.ui.case_tasks import tasks_section
from gis.ui.chips import chip_html, lamp_html
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.dispatch_rules.reasons import dispatch_reasons
from gis.ui.finding_view import findings_section
from gis.ui.move_form import move_form
from gis.ui.photo_compare import photo_compare
from gis.ui.words import _, local_number, local_time, locale, name_of

PANEL_MAP_PX, PAGE_MAP_PX, BOARD_MAP_PX = 240, 380, 340

Section = Callable[[Actor, CaseDetail, datetime], None]
SECTIONS: tuple[Section, ...] = (
    dispatch_reasons,
    clock_section,
    tasks_section,
    findings_section,
    duplicates_section,
    case_caller,
)
"""What else stands below the facts, in this order; each draws nothing where it has nothing."""


def _sections(actor: Actor, detail: CaseDetail, now: datetime) -> None:
    for section in SECTIONS:
        section(actor, detail, now)


def _read(
    actor: Actor, number: str, now: datetime
) -> tuple[CaseDetail, list[TimelineEntry], list[Offer]] | None:
    person = actor.person_id
    with shown_errors(), unit_of_work() as conn:
        detail = case_by_number(conn, number, scope=actor.scope, person_id=person)
        steps = timeline(history(conn, detail.case.id, scope=actor.scope, person_id=person))
        found: list[Offer] = []
        if actor.may(Permission.MOVE_CASES):
            found = offers(conn, actor=actor, case=detail.case, now=now)
        return detail, steps, found
    for words in words_left(number):
        st.caption(_("You had typed:"))
        st.code(words, language=None, wrap_lines=True)
    return None


def headline(detail: CaseDetail, *, now: datetime) -> None:
    """Number, state and time left."""
    case = detail.case
    chips = [chip_html(state_chip(case.state)), lamp_html(time_lamp(case, now))]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{case.number}**", width="content")
        st.html(" ".join(chips), width="content")
        if case.rework_count:
            st.badge(_("Rework {n}").format(n=case.rework_count), color="orange")
        if case.bounce_count:
            st.badge(_("Returned: {n}").format(n=case.bounce_count), color="orange")


def what(detail: CaseDetail) -> None:
    """What it is and where: all that one must read before the next move."""
    case = detail.case
    kind = name_of(detail.class_name) if detail.class_name else case.class_code
    if detail.main_class:
        kind = f"{name_of(detail.main_class)} › {kind}"
    place = " ".join(name_of(t) for t in (detail.street, detail.community) if t)
    _lines(
        [(_("Class"), f"{kind} ({case.class_code})"), (_("Place"), f"{place} · {case.grid_code}")]
    )
    if detail.description:
        st.text(detail.description)


def facts(detail: CaseDetail) -> None:
    """People and times, and how well the place is known."""
    case = detail.case
    lines = [(_("Reported"), f"{local_time(case.reported_at)} · {detail.reporter or _('System')}")]
    if case.due_at:
        lines.append((_("Time limit"), local_time(case.due_at)))
    if detail.department:
        lines.append((_("Department"), name_of(detail.department)))
    if detail.handler:
        lines.append((_("In the hands of"), detail.handler))
    if detail.supervisor:
        lines.append((_("Supervisor"), detail.supervisor))
    if detail.component_code:
        lines.append((_("Component"), detail.component_code))
    if detail.accuracy_m:
        accuracy = _("within {metres} m").format(metres=local_number(detail.accuracy_m))
        lines.append((_("Position"), accuracy))
    _lines(lines)


def _lines(lines: Sequence[tuple[str, str]]) -> None:
    st.markdown("  \n".join(f"{head}{_colon()}{escape_markdown(body)}" for head, body in lines))


def _colon() -> str:
    return "：" if locale() == "zh-CN" else ": "


def photo_row(photos: Sequence[tuple[Term, str]]) -> None:
    """Thumbnails that open the photo; hashes are hexadecimal, nothing of people is in the HTML."""
    if not photos:
        return
    images = "".join(
        f'<a href="/files/{sha256}" target="_blank" rel="noopener">'
        f'<img src="/files/{sha256}?size=thumb" alt="{escape(name_of(purpose))}" loading="lazy"'
        ' style="height:96px;border-radius:6px;margin:0 6px 6px 0"></a>'
        for purpose, sha256 in photos
    )
    st.html(images)


def _shown(value: str | datetime | Term) -> str:
    if isinstance(value, Term):
        return name_of(value)
    return local_time(value) if isinstance(value, datetime) else value


def show_timeline(entries: Sequence[TimelineEntry]) -> None:
    """Every step, newest first: when, what, who, why, with its photos."""
    for entry in reversed(entries):
        title = escape(name_of(entry.title))
        st.html(f"<strong>{title}</strong> → {chip_html(entry.chip)}")
        who = [local_time(entry.at), entry.who or _("System"), name_of(entry.role)]
        if entry.waited:
            who.append(_("after {span}").format(span=name_of(entry.waited)))
        st.caption(escape_markdown(" · ".join(who)))
        said = [f"{name_of(label)}{_colon()}{_shown(value)}" for label, value in entry.facts]
        if entry.note or said:
            st.text("\n".join(part for part in (entry.note, *said) if part))
        photo_row(entry.photos)
        file_row(entry.files)


_JUDGED_BY_HISTORY = frozenset(
    {
        State.ARBITRATION,
        State.RETURN_REVIEW,
        State.EXTENSION_REVIEW,
        State.SUSPEND_REVIEW,
        State.CANCEL_REVIEW,
    }
)
"""Where somebody asks for something: what was said before is what the decision rests on."""


def _history(detail: CaseDetail, steps: Sequence[TimelineEntry]) -> None:
    with st.expander(_("History"), expanded=State(detail.case.state) in _JUDGED_BY_HISTORY):
        show_timeline(steps)


def _photos_of(entries: Sequence[TimelineEntry]) -> list[tuple[Term, str]]:
    return [photo for entry in entries for photo in entry.photos]


def case_panel(actor: Actor, number: str, *, now: datetime) -> None:
    """The case in hand beside a queue: the next move stands above what explains it."""
    found = _read(actor, number, now)
    if found is None:
        return
    detail, steps, possible = found
    headline(detail, now=now)
    what(detail)
    photo_row(_photos_of(steps))
    near_edge_section(actor, detail, now)
    with st.container(border=True):
        moved = move_form(actor, detail, possible)
    if moved is not None:
        _moved(moved.number, name_of(state_chip(moved.state).name))
        st.rerun(scope="fragment")
    facts(detail)
    photo_compare(_photos_of(steps), key=f"case.compare.{number}")
    _sections(actor, detail, now)
    case_map(actor, detail, height_px=PANEL_MAP_PX)
    _history(detail, steps)
    _links(number)


def case_on_board(actor: Actor, number: str, *, now: datetime, map_in: DeltaGenerator) -> None:
    """The case in hand on the board: its map in a place of its own, the next move beside it."""
    found = _read(actor, number, now)
    if found is None:
        return
    detail, steps, possible = found
    with map_in:
        case_map(actor, detail, height_px=BOARD_MAP_PX)
    left, right = st.columns([5, 4], gap="medium")
    with right, st.container(border=True):
        moved = move_form(actor, detail, possible)
    if moved is not None:
        _moved(moved.number, name_of(state_chip(moved.state).name))
        st.rerun(scope="fragment")
    with left:
        headline(detail, now=now)
        what(detail)
        facts(detail)
        near_edge_section(actor, detail, now)
        photo_row(_photos_of(steps))
        photo_compare(_photos_of(steps), key=f"case.compare.{number}")
        _sections(actor, detail, now)
        _history(detail, steps)
        _links(number)


def _moved(number: str, state: str) -> None:
    st.toast(
        _("{number} is now: {state}").format(number=number, state=state), icon=":material/check:"
    )


def _links(number: str, *, own_page: bool = False) -> None:
    with st.container(horizontal=True):
        if not own_page:
            case_link(number)
        st.link_button(_("Print"), f"/print/case/{number}", icon=":material/print:")


def case_page(actor: Actor, number: str, *, now: datetime) -> None:
    """The whole case: next move and facts at the left, place and history at the right."""
    found = _read(actor, number, now)
    if found is None:
        return
    detail, steps, possible = found
    headline(detail, now=now)
    left, right = st.columns([5, 6], gap="large")
    with left:
        what(detail)
        photo_row(_photos_of(steps))
        near_edge_section(actor, detail, now)
        if possible or is_being_filled(number):
            with st.container(border=True):
                moved = move_form(actor, detail, possible)
            if moved is not None:
                _moved(moved.number, name_of(state_chip(moved.state).name))
                st.rerun()
        facts(detail)
        photo_compare(_photos_of(steps), key=f"case.compare.{number}")
        _sections(actor, detail, now)
        _links(number, own_page=True)
    with right:
        case_map(actor, detail, height_px=PAGE_MAP_PX)
        st.subheader(_("History"), anchor=False)
        show_timeline(steps)
