"""The language of the person at the screen: texts, names, times and numbers."""

import threading
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gis.accounts.sessions import LOCALE_COOKIE
from gis.errors import Term
from gis.i18n import LOCALES, pick_locale, translate
from gis.wording import Wording

_STATE = "wanmi.locale"
DISTRICT_ZONE = ZoneInfo("Asia/Shanghai")
"""Shown until the session knows the district's own; see `set_zone`."""
_ZONE_STATE = "wanmi.zone"


_THREAD = threading.local()
"""The run of this thread and its locale: a page asks hundreds of times, session state is slow."""


def locale() -> str:
    """`zh-CN` or `en`: what the person saved, else chose before signing in, else the browser's."""
    run = get_script_run_ctx(suppress_warning=True)
    known, spoken = getattr(_THREAD, "locale", (None, ""))
    if run is not None and known is run:
        return str(spoken)
    spoken = _ask_locale()
    _THREAD.locale = (run, spoken)
    return spoken


def _ask_locale() -> str:
    chosen = st.session_state.get(_STATE)
    if chosen in LOCALES:
        return str(chosen)
    return pick_locale(st.context.cookies.get(LOCALE_COOKIE) or st.context.locale)


def set_locale(wanted: str) -> None:
    """Speak `wanted` in this session from now on; an empty wish changes nothing."""
    if wanted in LOCALES:
        st.session_state[_STATE] = wanted
        _THREAD.locale = (None, "")


def _(text: str) -> str:
    """`text` in the person's language. Literals only: catalogues are checked against the code."""
    return translate(text, locale())


def wording() -> Wording:
    """How this person reads names, moments and numbers."""
    return Wording(locale(), zone())


def name_of(row: Term | Mapping[str, Any] | Any) -> str:
    """The name of a thing that has one in each language: a `Term`, a mapping or a row."""
    return wording().name(row)


def set_zone(name: str) -> None:
    """Show times in the district's zone."""
    st.session_state[_ZONE_STATE] = name


def zone() -> ZoneInfo:
    """The district's zone: everybody sees the times of the place, wherever they sit."""
    name = st.session_state.get(_ZONE_STATE)
    return ZoneInfo(name) if name else DISTRICT_ZONE


def today() -> date:
    """The district's day."""
    return datetime.now(zone()).date()


def local_time(moment: datetime | None, style: str = "medium") -> str:
    """A moment in the district's zone; an en dash for none."""
    return wording().time(moment, style)


def local_date(day: date | None, style: str = "medium") -> str:
    """A day in the person's language; `week` adds the weekday."""
    return wording().date(day, style)


def local_number(value: float | None, digits: int = 0) -> str:
    """A number with separators; an en dash for none."""
    return wording().number(value, digits)


def local_share(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage; an en dash for none."""
    return wording().share(value, digits)
