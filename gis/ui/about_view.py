"""Parts of the about page."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Row

from gis.files.checking import MISSING, BadFile, Tally
from gis.ui.words import _, local_number, local_time, locale


def datasets(rows: Sequence[Row[Any]]) -> None:
    """Where the data come from; generated and derived ones say so in words."""
    zh = locale() == "zh-CN"
    frame = pd.DataFrame(
        [
            {
                "title": row.title_zh if zh else row.title_en,
                "kind": _kind(row),
                "source": row.source,
                "licence": row.licence or "–",
                "as_of": str(row.as_of or "–"),
                "rows": row.row_count,
                "loaded": local_time(row.loaded_at),
                "note": row.note_zh if zh else row.note_en,
            }
            for row in rows
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            "title": st.column_config.TextColumn(_("Data set"), pinned=True),
            "kind": st.column_config.TextColumn(_("Kind")),
            "source": st.column_config.TextColumn(_("Source"), width="medium"),
            "licence": st.column_config.TextColumn(_("Licence")),
            "as_of": st.column_config.TextColumn(_("As of")),
            "rows": st.column_config.NumberColumn(_("Number of rows"), format="localized"),
            "loaded": st.column_config.TextColumn(_("Loaded")),
            "note": st.column_config.TextColumn(_("Note"), width="large"),
        },
    )


def _kind(row: Row[Any]) -> str:
    if row.generated:
        return _("generated, not real")
    return _("derived, not official") if row.derived else _("delivered")


def settings(values: Mapping[str, Any]) -> None:
    """The settings that shape this district."""
    names = {
        "district_code": _("District"),
        "edition": _("Edition of the code tables"),
        "time_zone": _("Time zone"),
        "session_idle_minutes": _("Minutes of silence that end a session"),
        "session_absolute_hours": _("Hours after which a session ends in any case"),
        "lockout_failures": _("Failed sign-ins that lock an account"),
        "lockout_minutes": _("Minutes an account stays locked"),
    }
    st.dataframe(
        pd.DataFrame(
            [{"setting": label, "value": str(values[key])} for key, label in names.items()]
        ),
        hide_index=True,
        width="content",
        column_config={
            "setting": st.column_config.TextColumn(_("Setting")),
            "value": st.column_config.TextColumn(_("Value"), width="medium"),
        },
    )


def stored_files(found: Tally, bad: Sequence[BadFile]) -> None:
    """How many attachments there are, when they were compared with their names, and what is bad."""
    st.caption(
        _("{files} files, {checked} compared with their names; the oldest look: {oldest}.").format(
            files=local_number(found.files),
            checked=local_number(found.checked),
            oldest=local_time(found.oldest),
        )
    )
    if not bad:
        st.success(_("No file is missing or altered."))
        return
    st.error(
        _(
            "{missing} files are missing, {altered} are altered. Bring them back from a backup."
        ).format(missing=local_number(found.missing), altered=local_number(found.altered))
    )
    names = {MISSING: _("missing")}
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "file": one.sha256,
                    "state": names.get(one.state, _("altered")),
                    "since": local_time(one.since),
                    "type": one.media_type,
                    "cases": one.cases,
                }
                for one in bad
            ]
        ),
        hide_index=True,
        column_config={
            "file": st.column_config.TextColumn(_("File"), pinned=True, width="medium"),
            "state": st.column_config.TextColumn(_("Found")),
            "since": st.column_config.TextColumn(_("Since")),
            "type": st.column_config.TextColumn(_("Kind")),
            "cases": st.column_config.NumberColumn(_("Number of cases")),
        },
    )
