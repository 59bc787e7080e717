"""Saved views on the map page: the small form that the map's “save view” opens."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import streamlit as st
from sqlalchemy import Connection

from gis.accounts.keepsakes import TITLE_MOST
from gis.accounts.model import Actor
from gis.catalog.views import (
    View,
    ViewDraft,
    change_view,
    create_view,
    delete_view,
    views_for,
)
from gis.errors import Term
from gis.ui.cache import names_of_areas
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import say_next, still_here
from gis.ui.words import _, local_time, name_of

NOBODY, EVERYBODY = None, ""
_COMMUNITY = 4


def saved_views(actor: Actor) -> list[View]:
    """The views that a person may open."""
    with unit_of_work() as conn:
        return views_for(conn, actor=actor)


def open_views(state: str) -> None:
    """The dialog: save the map as it is now, or change what one keeps."""
    st.dialog(_("Saved views"))(_dialog)(state)


def _dialog(state: str) -> None:
    actor = still_here()
    areas = names_of_areas(actor.scope.prefixes, _COMMUNITY)
    _new(actor, state, areas)
    own: list[View] = []
    with shown_errors():
        own = [view for view in saved_views(actor) if view.owner_id == actor.person_id]
    if own:
        st.divider()
        _existing(actor, own, state, areas)


def _shares(actor: Actor, areas: Mapping[str, Term]) -> list[str | None]:
    everybody = [EVERYBODY] if actor.scope.covers(EVERYBODY) else []
    return [NOBODY, *everybody, *areas]


def _share_box(
    actor: Actor, areas: Mapping[str, Term], key: str, chosen: str | None = None
) -> str | None:
    options = _shares(actor, areas)

    def spoken(code: str | None) -> str:
        if code is NOBODY:
            return _("Only me")
        return name_of(areas[code]) if code else _("Everybody")

    return st.selectbox(
        _("Who can open it"),
        options,
        index=options.index(chosen) if chosen in options else 0,
        format_func=spoken,
        key=key,
        help=_("Whoever opens it sees through it only what their own posts allow."),
    )


def _write(work: Callable[[Connection], object], said: str) -> None:
    """One change; what was typed stays in the form when it is refused."""
    with shown_errors():
        with unit_of_work() as conn:
            work(conn)
        say_next(said)
        st.rerun()


def _new(actor: Actor, state: str, areas: Mapping[str, Term]) -> None:
    with st.form("map.view.new", border=False):
        title = st.text_input(
            _("Name of the view"), key="map.view.title", max_chars=TITLE_MOST,
            help=_("Layers, their opacity and order, the place and what is selected are kept."),
        )  # fmt: skip
        share = _share_box(actor, areas, "map.view.share")
        if not st.form_submit_button(_("Save this view"), type="primary"):
            return
    draft = ViewDraft(title, state, share)
    _write(
        lambda conn: create_view(conn, actor=actor, draft=draft, now=datetime.now(UTC)),
        _("The view “{title}” is saved.").format(title=title.strip()),
    )


def _existing(actor: Actor, own: list[View], state: str, areas: Mapping[str, Term]) -> None:
    by_id = {view.id: view for view in own}
    chosen = st.selectbox(
        _("Change a saved view"), list(by_id), index=None, key="map.view.chosen",
        format_func=lambda key: by_id[key].title, placeholder=_("Choose a view"),
    )  # fmt: skip
    if chosen is not None:
        _change(actor, by_id[chosen], state, areas)


def _change(actor: Actor, view: View, state: str, areas: Mapping[str, Term]) -> None:
    key = f"map.view.{view.id}.{view.version}"
    title = st.text_input(_("Name of the view"), view.title, key=f"{key}.title")
    share = _share_box(actor, areas, f"{key}.share", view.shared_area_code)
    renewed = st.checkbox(_("Keep the map as it is now instead"), key=f"{key}.renew")
    st.caption(_("Last changed {time}").format(time=local_time(view.changed_at)))
    draft = ViewDraft(title, state if renewed else view.state, share)
    with st.container(horizontal=True):
        if st.button(_("Save the change"), key=f"{key}.save"):
            _write(
                lambda conn: change_view(
                    conn, actor=actor, view_id=view.id, draft=draft,
                    expected_version=view.version, now=datetime.now(UTC),
                ),
                _("The view “{title}” is changed.").format(title=title.strip()),
            )  # fmt: skip
        if st.button(_("Delete this view"), key=f"{key}.delete"):
            _write(
                lambda conn: delete_view(
                    conn, actor=actor, view_id=view.id, expected_version=view.version,
                    now=datetime.now(UTC),
                ),
                _("The view “{title}” is deleted.").format(title=view.title),
            )  # fmt: skip
