"""Why a case goes where it goes: asked on this page, and shown beside a proposal."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.model import Move, State
from gis.cases.queries import CaseDetail
from gis.cases.workflow import moves_from
from gis.dispatch.commands import question_of
from gis.dispatch.explain import Explanation, explain, explain_at
from gis.dispatch.screen import considered_rows, elsewhere_words
from gis.errors import GisError, Invalid
from gis.i18n import N_
from gis.standards.model import CaseClass, Kind
from gis.standards.queries import active_classes
from gis.ui.cache import district_zone
from gis.ui.db import escape_markdown, show_error, shown_errors, unit_of_work
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.words import _, locale, name_of, zone

_NO_PLACE = N_("Write longitude and latitude, such as 116.4074,39.9042.")


def reasons_form(edition: str) -> None:
    """Place, class, condition and time; then every rule that was looked at."""
    with unit_of_work() as conn:
        known = sorted(active_classes(conn, edition), key=lambda one: one.kind, reverse=True)
    classes = {f"{one.kind}:{one.code}": one for one in known}
    with st.form("rules.why", border=False):
        place, kind = st.columns([1, 2])
        at = place.text_input(
            _("Longitude, latitude"), key="rules.why.at", placeholder="116.4074,39.9042"
        )
        key = kind.selectbox(
            _("Class"), list(classes), key="rules.why.class",
            format_func=lambda one: _class_words(classes[one]),
        )  # fmt: skip
        condition, when = st.columns([1, 2])
        number = condition.number_input(
            _("Filing condition"), min_value=1, value=None, step=1, key="rules.why.condition"
        )
        moment = when.datetime_input(
            _("Time"), value=datetime.now(zone()).replace(tzinfo=None), key="rules.why.time",
            format="YYYY-MM-DD",
        )  # fmt: skip
        asked = st.form_submit_button(_("Explain"), type="primary")
    if not asked or key is None:
        return
    try:
        lon, lat = _point(at)
        with unit_of_work() as conn:
            found = explain_at(
                conn, lon=lon, lat=lat, class_code=classes[key].code, kind=classes[key].kind,
                condition_no=int(number) if number else None,
                at=moment.replace(tzinfo=zone()) if moment else datetime.now(UTC),
            )  # fmt: skip
    except GisError as error:
        show_error(error)
        return
    for one in found:
        show_reasons(one, f"rules.why.{Kind(one.asked.kind)}")


def _class_words(one: CaseClass) -> str:
    """Event or component, code and name of a class."""
    kind = _("Component") if Kind(one.kind) is Kind.COMPONENT else _("Event")
    return f"{kind} {one.code} · {name_of(one.name)}"


def _point(words: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in words.replace("，", ",").split(","))
    except ValueError as error:
        raise Invalid(_NO_PLACE) from error
    return lon, lat


def show_reasons(found: Explanation, key: str) -> None:
    """The sentence and the table of one explanation."""
    words = escape_markdown(name_of(found.reason))
    if found.fired is None or found.fired.rule.flaws:
        st.error(words, icon=":material/error:")
    else:
        department = escape_markdown(name_of(found.fired.department.name))
        helping = "、".join(escape_markdown(name_of(one.name)) for one in found.assistants)
        with_help = _("Assisting: {department}").format(department=helping) if helping else ""
        st.success("  \n".join(filter(None, (f"**{department}**", with_help, words))))
    show_looked_at(found, key)


def show_looked_at(found: Explanation, key: str) -> None:
    """Every rule that was looked at, with what became of it."""
    show_table(considered_rows(found, locale()), key)
    st.caption(elsewhere_words(found, locale()))


def dispatch_reasons(actor: Actor, detail: CaseDetail, now: datetime) -> None:
    """Below the proposal of a case that waits: which rule fired, which lost, and why."""
    case = detail.case
    roles = {role for row in moves_from(State(case.state)) if row.move is Move.DISPATCH
             for role in row.roles}  # fmt: skip
    if not actor.may(Permission.MOVE_CASES) or actor.roles.isdisjoint(roles):
        return
    with st.expander(_("Why this department")), shown_errors():
        with unit_of_work() as conn:
            found = explain(conn, question_of(case, now, district_zone()))
        show_looked_at(found, f"why.{case.number}")
