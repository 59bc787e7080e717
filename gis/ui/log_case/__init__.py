"""
The log form inside a Streamlit page: a v2 component that loads the form's own modules.

The form does its work between browser and HTTP (queue, photos, retries), because a report must
survive the end of the websocket. Nothing of it passes through a script run. The same modules
make the page `/log/phone`, which opens without network (docs/offline.md).
"""

from pathlib import Path

import streamlit as st

_JS = (Path(__file__).parent / "component.js").read_text(encoding="utf-8")

_mount = st.components.v2.component("wanmi.log_case", js=_JS)


def log_case_form(*, locale: str, failed: str) -> None:
    """
    Show the form. `failed` is said when its files cannot be loaded.

    A rerun of the page leaves what is being written alone.
    """
    _mount(key="log.form", data={"locale": locale, "failed": failed})
