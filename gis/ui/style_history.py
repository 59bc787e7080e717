"""Saving a style and taking an earlier one back."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.catalog.layers import Layer
from gis.catalog.style_commands import NOTE_MOST, save_style, undo_style
from gis.catalog.styles import Version
from gis.ui.cache import map_styles
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.style_editor import Draft, forget
from gis.ui.words import _, local_time

SHOWN = 12


def save(actor: Actor, layer: Layer, held: Draft, *, fits: bool) -> None:
    """The note and the button; a refusal leaves the form as it is."""
    note = st.text_input(
        _("Note"), key=f"styles.note.{layer.id}.{held.turn}", max_chars=NOTE_MOST,
        placeholder=_("What changes, and why"),
    )  # fmt: skip
    label = _("Save as version {version}").format(version=held.version + 1)
    left, right = st.columns(2)
    if right.button(_("Start again from what is saved"), key="styles.again"):
        forget()
        st.rerun()
    if not left.button(label, type="primary", key="styles.save", disabled=not fits):
        return
    with shown_errors():
        with unit_of_work() as conn:
            version = save_style(
                conn, actor=actor, layer=layer, raw=held.raw, note=note,
                expected_version=held.version, now=datetime.now(UTC),
            )  # fmt: skip
        _done(_("Version {version} is saved. Open maps show it when they are loaded again.")
              .format(version=version))  # fmt: skip


def history(actor: Actor, layer: Layer, versions: list[Version], newest: int) -> None:
    """Who saved what and when, newest first, each with its way back."""
    st.subheader(_("Versions"), anchor=False)
    if not versions:
        st.caption(_("Nothing was saved yet: the layer looks as shipped."))
        return
    for version in versions[:SHOWN]:
        words = [
            _("Version {version}").format(version=version.version),
            local_time(version.made_at),
            version.made_by or "–",
            _("as shipped") if version.raw is None else "",
            version.note,
        ]
        _line(actor, layer, " · ".join(filter(None, words)), version.version, newest)
    _line(actor, layer, _("As shipped"), 0, newest)


def _line(actor: Actor, layer: Layer, words: str, version: int, newest: int) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.markdown(escape_markdown(words))
    if version == newest:
        right.caption(_("in use"))
        return
    if right.button(_("Use this again"), key=f"styles.undo.{layer.id}.{version}.{newest}"):
        with shown_errors():
            with unit_of_work() as conn:
                now_version = undo_style(
                    conn, actor=actor, layer=layer, to_version=version,
                    expected_version=newest, now=datetime.now(UTC),
                )  # fmt: skip
            _done(_("The layer looks again as in version {version}; this is version {now}.")
                  .format(version=version, now=now_version))  # fmt: skip


def _done(said: str) -> None:
    map_styles.clear()
    forget()
    say_next(said)
    st.rerun()
