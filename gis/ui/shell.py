"""The main script: finds the person, offers the pages they may open, runs the chosen one."""

from pathlib import Path

import streamlit as st

from gis.accounts.model import Actor, role_terms
from gis.accounts.sessions import save_locale
from gis.i18n import LOCALES
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.leaving import sign_out_button
from gis.ui.map_layers import theme
from gis.ui.page_table import PAGES, TABLE, Page, menu_of, offered
from gis.ui.session import ask_to_sign_in, current_actor, refuse_page
from gis.ui.words import _, locale, name_of, set_locale

ICON = Path(__file__).parent / "icon.png"
STYLE = Path(__file__).parent / "shell.css"
STYLE_ZH = Path(__file__).parent / "shell_zh.css"
STYLE_DARK = Path(__file__).parent / "shell_dark.css"
LANGUAGES = {"zh-CN": "中文", "en": "English"}


def pages_of(actor: Actor) -> dict[str, tuple[Page, st.Page]]:
    """
    The offered pages, as rows of the table and as Streamlit's, by file.

    Streamlit's own have no icon: it would become the tab's picture and be asked from a server
    outside. The menu draws the icons itself, from the font that Streamlit ships.
    """
    return {
        row.file: (
            row,
            st.Page(
                PAGES / row.file,
                title=_(row.title),
                icon="",
                url_path=row.url_path,
                default=row.file == "home.py",
            ),
        )
        for row in offered(actor)
    }


def withheld(actor: Actor) -> list[st.Page]:
    """
    The other pages, each a refusal in words at its address.

    Without them Streamlit says in English that there is no such page.
    """
    here = {row.file for row in offered(actor)}
    return [
        st.Page(refuse_page, title=_(row.title), url_path=row.url_path)
        for row in TABLE
        if row.file not in here
    ]


def menu(actor: Actor, pages: dict[str, tuple[Page, st.Page]], here: st.Page) -> None:
    """The daily work of the post, the other pages folded below it while one is not there."""
    daily, others = menu_of(actor)
    _links(daily, pages)
    if others:
        in_fold = any(pages[row.file][1] == here for row in others)
        with st.expander(_("More pages"), expanded=in_fold):
            _links(others, pages)


def _links(rows: list[Page], pages: dict[str, tuple[Page, st.Page]]) -> None:
    for row in rows:
        page = pages[row.file][1]
        st.page_link(page, label=_(row.title), icon=f":material/{row.icon}:", width="stretch")


def choose_language(actor: Actor) -> None:
    """The switch; the choice is kept with the person."""
    wanted = st.segmented_control(
        _("Language"),
        LOCALES,
        default=locale(),
        format_func=LANGUAGES.__getitem__,
        key="shell.language",
        label_visibility="collapsed",
        required=True,
    )
    if wanted and wanted != locale() and actor.person_id is not None:
        with shown_errors(), unit_of_work() as conn:
            save_locale(conn, actor.person_id, wanted)
        set_locale(wanted)
        st.rerun()


def sidebar(actor: Actor, pages: dict[str, tuple[Page, st.Page]], here: st.Page) -> None:
    """The menu, who is here, the language, the way out."""
    terms = role_terms()
    with st.sidebar:
        menu(actor, pages, here)
        st.divider()
        st.markdown(f"**{escape_markdown(actor.name)}**")
        st.caption(" · ".join(name_of(terms[role]) for role in terms if role in actor.roles))
        choose_language(actor)
        sign_out_button(_("Sign out"))


def main() -> None:
    """One run."""
    st.logo(ICON, size="large")
    actor = current_actor()
    if actor is None:
        st.set_page_config(page_title=_("Wanmi"))
        st.navigation([st.Page(ask_to_sign_in, title=_("Sign in"))], position="hidden").run()
        return
    pages = pages_of(actor)
    known = [page for _row, page in pages.values()] + withheld(actor)
    page = st.navigation(known, position="hidden")
    st.set_page_config(page_title=f"{page.title} · {_('Wanmi')}", layout="wide")
    st.html(STYLE)
    if locale() == "zh-CN":
        st.html(STYLE_ZH)
    if theme() == "dark":
        st.html(STYLE_DARK)
    sidebar(actor, pages, page)
    page.run()


main()
