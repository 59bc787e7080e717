"""Who changed the table of rules, when, and what."""

from collections.abc import Mapping, Sequence

import streamlit as st

from gis.accounts.model import Actor
from gis.dispatch.rule_commands import TableChange, rule_history
from gis.dispatch.rule_drafts import COLUMNS
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.words import _, local_time

SHOWN = 10


def changes(actor: Actor) -> None:
    """The newest changes, each with the rules that it added and ended."""
    found: list[TableChange] = []
    with shown_errors(), unit_of_work() as conn:
        found = rule_history(conn, actor=actor)
    if not found:
        st.info(_("The rules were not changed here yet; they are as they were loaded."))
    for one in found[:SHOWN]:
        title = _("Version {version} · {time} · {who} · {added} new, {ended} ended").format(
            version=one.version, time=local_time(one.at),
            who=escape_markdown(one.who or _("System")), added=len(one.added),
            ended=len(one.ended),
        )  # fmt: skip
        with st.expander(title):
            _rules(_("New"), one.added, f"rules.changes.{one.version}.new")
            _rules(_("Ended"), one.ended, f"rules.changes.{one.version}.ended")


def _rules(title: str, rows: Sequence[Mapping[str, str]], key: str) -> None:
    if rows:
        st.caption(title)
        show_table([{name: row.get(name, "") for name in COLUMNS} for row in rows], key)
