"""Whether the page is read on a phone."""

import streamlit as st


def on_phone() -> bool:
    """What the browser says of itself; tablets and desks get the wide form."""
    return "Mobile" in (st.context.headers.get("User-Agent") or "")
