"""The main script: finds the person, offers the pages they may open, runs the chosen one."""

from dataclasses import dataclass

import streamlit as st

from gis.accounts.model import Actor, Permission, role_terms
from gis.accounts.sessions import save_locale
from gis.config import CHECKOUT
from gis.i18n import LOCALES, N_
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.leaving import sign_out_button
from gis.ui.session import ask_to_sign_in, current_actor
from gis.ui.words import _, locale, name_of, set_locale

PAGES = CHECKOUT / "pages"


@dataclass(frozen=True)
class Page:
    """A row of the table of pages."""

    file: str
    title: str
    icon: str
    group: str
    permission: Permission | None
    """None: everybody who is signed in."""


WORK, LOOK, RUN = N_("Cases"), N_("Overview"), N_("Administration")

TABLE = (
    Page("home.py", N_("Start"), "home", "", None),
    Page("log.py", N_("Log a case"), "add_a_photo", WORK, Permission.LOG_CASES),
    Page("acceptance.py", N_("Acceptance"), "inbox", WORK, Permission.MOVE_CASES),
    Page("filing.py", N_("Filing"), "assignment_turned_in", WORK, Permission.MOVE_CASES),
    Page("dispatch.py", N_("Dispatch"), "alt_route", WORK, Permission.MOVE_CASES),
    Page("handling.py", N_("Handling"), "construction", WORK, Permission.MOVE_CASES),
    Page("checking.py", N_("Checks"), "fact_check", WORK, Permission.MOVE_CASES),
    Page("cases.py", N_("All cases"), "list_alt", WORK, Permission.VIEW_CASES),
    Page("case.py", N_("Case"), "description", WORK, Permission.VIEW_CASES),
    Page("map.py", N_("Map"), "map", LOOK, Permission.VIEW_MAP),
    Page("statistics.py", N_("Statistics"), "bar_chart", LOOK, Permission.VIEW_STATISTICS),
    Page("people.py", N_("People"), "group", RUN, Permission.VIEW_PEOPLE),
    Page("roster.py", N_("Duty roster"), "calendar_month", RUN, Permission.VIEW_PEOPLE),
    Page("about.py", N_("About"), "info", RUN, None),
)


def offered(actor: Actor) -> list[Page]:
    """The pages of the table that exist and that `actor` may open."""
    return [
        page
        for page in TABLE
        if (PAGES / page.file).is_file() and (page.permission is None or actor.may(page.permission))
    ]


def navigation(actor: Actor) -> dict[str, list[st.Page]]:
    """The offered pages in their groups, as Streamlit wants them."""
    groups: dict[str, list[st.Page]] = {}
    for row in offered(actor):
        page = st.Page(
            PAGES / row.file,
            title=_(row.title),
            icon=f":material/{row.icon}:",
            url_path=row.file.removesuffix(".py"),
            default=row.file == "home.py",
        )
        groups.setdefault(_(row.group) if row.group else "", []).append(page)
    return groups


def choose_language(actor: Actor) -> None:
    """The switch; the choice is kept with the person."""
    names = {"zh-CN": "中文", "en": "English"}
    wanted = st.segmented_control(
        _("Language"), LOCALES, default=locale(), format_func=names.__getitem__,
        key="shell.language", label_visibility="collapsed", required=True,
    )  # fmt: skip
    if wanted and wanted != locale() and actor.person_id is not None:
        with shown_errors(), unit_of_work() as conn:
            save_locale(conn, actor.person_id, wanted)
        set_locale(wanted)
        st.rerun()


def sidebar(actor: Actor) -> None:
    """Who is here, the language, the way out."""
    terms = role_terms()
    with st.sidebar:
        if actor.demo:
            st.caption(_("Generated demo district: no figure here is real."))
        st.markdown(f"**{escape_markdown(actor.name)}**")
        st.caption(" · ".join(name_of(terms[role]) for role in terms if role in actor.roles))
        choose_language(actor)
        sign_out_button(_("Sign out"))


def main() -> None:
    """One run."""
    st.set_page_config(page_title=_("Wanmi"), page_icon=":material/grid_on:", layout="wide")
    actor = current_actor()
    if actor is None:
        st.navigation([st.Page(ask_to_sign_in, title=_("Sign in"))], position="hidden").run()
        return
    page = st.navigation(navigation(actor), position="sidebar")
    sidebar(actor)
    page.run()


main()
