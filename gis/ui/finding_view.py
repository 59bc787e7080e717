"""A finding about a photo: the picture, what does not fit, what was said, the decision."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.evidence.audit import Flagged, findings_of_case
from gis.cases.evidence.commands import ACCEPTED, NOT_ACCEPTABLE, decide
from gis.cases.evidence.model import Finding, Level
from gis.cases.evidence.words import KIND_NAMES, sentence
from gis.cases.queries import CaseDetail
from gis.cases.settings import CaseSettings, read_case_settings
from gis.errors import Term
from gis.ui.case_link import case_link
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, local_time, name_of

_DECISIONS = {
    ACCEPTED: Term("予以认可", "accepted"),
    NOT_ACCEPTABLE: Term("不予认可", "not acceptable"),
}


def _sentence(one: Flagged, settings: CaseSettings) -> str:
    found = Finding(
        sha256=one.sha256, kind=one.kind, level=Level.WARN, metres=one.metres,
        minutes=one.minutes, other_at=one.other_at,
    )  # fmt: skip
    return name_of(sentence(found, settings=settings))


def _photo(one: Flagged, *, height_px: int) -> None:
    """A hash is hexadecimal: nothing of people is in the HTML."""
    st.html(
        f'<a href="/files/{one.sha256}" target="_blank" rel="noopener">'
        f'<img src="/files/{one.sha256}?size=thumb" alt="" loading="lazy"'
        f' style="height:{height_px}px;max-width:100%;border-radius:6px"></a>'
    )


def _settings() -> CaseSettings:
    with shown_errors(), unit_of_work() as conn:
        return read_case_settings(conn)
    return CaseSettings()


def finding_sheet(actor: Actor, one: Flagged) -> None:
    """One finding with its decision, for those who decide."""
    _photo(one, height_px=260)
    st.markdown(f"**{escape_markdown(name_of(KIND_NAMES[one.kind]))}**")
    st.text(_sentence(one, _settings()))
    move = name_of(one.step)
    st.caption(escape_markdown(" · ".join((move, one.person or _("System"), local_time(one.at)))))
    st.text(_("Said: {words}").format(words=one.said or _("nothing")))
    if one.decision is not None:
        _decided(one)
    elif one.person_id is not None and one.person_id == actor.person_id:
        st.caption(_("This is your own photo; somebody else decides."))
    else:
        _decide(actor, one)
    with st.container(horizontal=True):
        case_link(one.number)
        if one.other_number and one.other_number != one.number:
            st.caption(_("Used before in {number}:").format(number=one.other_number))
            case_link(one.other_number)


def _decided(one: Flagged) -> None:
    decision = name_of(_DECISIONS[one.decision or ACCEPTED])
    who = f"{decision} · {one.decided_by or '–'} · {local_time(one.decided_at)}"
    st.markdown(f"**{escape_markdown(who)}**")
    if one.decision_note:
        st.text(one.decision_note)


def _decide(actor: Actor, one: Flagged) -> None:
    stem = f"finding.{one.id}"
    note = st.text_area(_("Reason of the decision"), key=f"{stem}.note", max_chars=4000, height=80)
    with st.container(horizontal=True):
        good = st.button(_("Accept"), key=f"{stem}.accept", icon=":material/check:")
        bad = st.button(_("Not acceptable"), key=f"{stem}.refuse", icon=":material/block:")
    if not (good or bad):
        return
    with shown_errors():
        with unit_of_work() as conn:
            decide(
                conn, actor=actor, finding_id=one.id, note=note,
                decision=ACCEPTED if good else NOT_ACCEPTABLE, now=datetime.now(UTC),
            )  # fmt: skip
        say_next(_("The decision is kept on the trail."))
        st.rerun()


def findings_section(actor: Actor, detail: CaseDetail, now: datetime) -> None:  # noqa: ARG001
    """What was found about the photos of a case, for those who judge it."""
    if not (actor.may(Permission.AUDIT_CASES) or actor.may(Permission.VIEW_EXIF)):
        return
    found: Sequence[Flagged] = ()
    with shown_errors(), unit_of_work() as conn:
        found = findings_of_case(conn, detail.case.id, scope=actor.scope)
    if not found:
        return
    settings = _settings()
    flagged = sum(one.flagged for one in found)
    with st.expander(_("Doubts about photos ({n})").format(n=len(found)), expanded=flagged > 0):
        for one in found:
            mark = ":material/flag:" if one.flagged else ":material/info:"
            picture, words = st.columns([1, 5])
            with picture:
                _photo(one, height_px=56)
            with words:
                st.markdown(f"{mark} {escape_markdown(_sentence(one, settings))}")
                said = [name_of(one.step), one.person or _("System")]
                if one.said:
                    said.append(one.said)
                if one.decision:
                    said.append(name_of(_DECISIONS[one.decision]))
                st.caption(escape_markdown(" · ".join(said)))
