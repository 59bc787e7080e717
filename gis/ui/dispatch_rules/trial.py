"""The dry run of the table in hand: before and after, and the cases that would go elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.dispatch.dry_run import CHANGED_MOST, LAST_MOST, DryRun, dry_run
from gis.dispatch.rule_drafts import RuleDraft
from gis.dispatch.screen import changed_rows, dry_run_rows, dry_run_words
from gis.errors import GisError
from gis.ui.case_link import case_links
from gis.ui.db import unit_of_work
from gis.ui.dispatch_rules.faults import show_faults
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.words import _, local_number, locale

_TRIED = "rules.tried"
LAST = 10_000


@dataclass(frozen=True)
class _Tried:
    drafts: tuple[RuleDraft, ...]
    found: DryRun


def is_tried(drafts: Sequence[RuleDraft]) -> bool:
    """Whether this very table was tried."""
    tried: _Tried | None = st.session_state.get(_TRIED)
    return tried is not None and tried.drafts == tuple(drafts)


def trial(actor: Actor, drafts: Sequence[RuleDraft], numbers: Sequence[str]) -> None:
    """The button and what the last trial of this table found; `numbers` name its rows."""
    count, button, _rest = st.columns([2, 2, 4], vertical_alignment="bottom")
    last = count.number_input(
        _("Last cases"), min_value=1, max_value=LAST_MOST, value=LAST, step=1000, key="rules.last"
    )
    if button.button(_("Try the table"), key="rules.try", width="stretch"):
        try:
            with unit_of_work() as conn:
                found = dry_run(
                    conn, actor=actor, drafts=drafts, last=int(last), now=datetime.now(UTC)
                )
        except GisError as error:
            show_faults(error, numbers)
            return
        st.session_state[_TRIED] = _Tried(tuple(drafts), found)
    if is_tried(drafts):
        _show(st.session_state[_TRIED].found)


def _show(found: DryRun) -> None:
    st.info(dry_run_words(found, locale()), icon=":material/science:")
    show_table(dry_run_rows(found, locale()), "rules.by_department")
    if not found.listed:
        return
    title = _("Cases that would go elsewhere ({n})").format(n=local_number(found.changed))
    with st.expander(title):
        if found.changed > len(found.listed):
            st.caption(_("Only the first {n} are shown.").format(n=local_number(CHANGED_MOST)))
        frame = pd.DataFrame(changed_rows(found.listed, locale()))
        frame.insert(0, "link", case_links(frame.pop("number")))
        show_table(frame, "rules.changed")
