"""In the form of a move: what does not fit about the photos, and the reason for it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.evidence.checks import REASON, Doubt, doubts
from gis.cases.evidence.model import Level
from gis.cases.model import Move
from gis.cases.move_fields import KINDS, FieldKind
from gis.cases.records import Case
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, name_of


def reason_for_photos(
    actor: Actor, case: Case, move: Move, values: Mapping[str, object], *, stem: str
) -> dict[str, object]:
    """
    Say what is odd about the photos chosen so far; a field for the reason where one is needed.

    Answers the field for the move. Nothing is drawn while every photo fits.
    """
    photos = [
        (name, str(sha))
        for name, shas in values.items()
        if KINDS[name] is FieldKind.PHOTOS and isinstance(shas, list)
        for sha in shas
    ]
    if not photos:
        return {}
    found: list[Doubt] = []
    with shown_errors(), unit_of_work() as conn:
        found = doubts(
            conn, actor=actor, case=case, move=move, photos=photos, now=datetime.now(UTC)
        )
    return {REASON: reason} if (reason := ask_reason(found, stem)) is not None else {}


def ask_reason(found: Sequence[Doubt], stem: str) -> str | None:
    """Say what is odd, and ask why; None: nothing is, or no reason would help."""
    if not found:
        return None
    lines = [
        _("Photo {n}: {what}.").format(n=doubt.photo_no, what=name_of(doubt.what))
        for doubt in found
    ]
    said = escape_markdown("\n\n".join(lines))
    if any(doubt.level is Level.REFUSE for doubt in found):
        st.error(said, icon=":material/no_photography:")
        return None
    st.warning(said, icon=":material/photo_camera:")
    return st.text_area(
        _("Why the photos are as they are (an auditor reads it)"),
        key=f"{stem}.{REASON}",
        max_chars=4000,
        height=80,
    )
