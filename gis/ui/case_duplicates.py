"""What else tells of the same thing as a case: duplicates, merged reports, replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.clusters.commands import reply
from gis.cases.clusters.model import Candidate, Member, Reply, ReplyKind, Standing
from gis.cases.clusters.queries import (
    likely_duplicates,
    members_of,
    replies_to,
    reporters_count,
    standing_for,
)
from gis.cases.clusters.screen import REPLY_WORDS
from gis.cases.model import Move
from gis.cases.queries import CaseDetail
from gis.cases.screen import SOURCES, state_chip
from gis.cases.workflow import MOVES
from gis.dispatch.commands import move_case
from gis.ui.chips import chip_html
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.move_form import prepare_move
from gis.ui.page_table import PAGES
from gis.ui.words import _, local_time, name_of

_THUMB = (
    "<a href='/files/{sha}' target='_blank' rel='noopener'><img src='/files/{sha}?size=thumb'"
    " alt='{alt}' loading='lazy' style='height:72px;border-radius:6px'></a>"
)


@dataclass(frozen=True)
class _Found:
    """Everything the section shows, read in one transaction."""

    standing: Standing | None
    people: int
    members: list[Member]
    replies: list[Reply]
    candidates: list[Candidate] | None
    """None: this person merges nothing in this state."""


def duplicates_section(actor: Actor, detail: CaseDetail, now: datetime) -> None:
    """Below the facts of a case: nothing where nobody else reported it and nothing is alike."""
    found = _read(actor, detail, now)
    if found is None:
        return
    if found.standing is not None:
        _show_standing(found.standing)
    if found.candidates is not None:
        _show_candidates(found.candidates, detail.case.number)
    if found.people > 1 or found.members:
        _show_members(actor, found)
    _show_replies(actor, detail, found.replies)


def _read(actor: Actor, detail: CaseDetail, now: datetime) -> _Found | None:
    case = detail.case
    who: dict[str, Any] = {"scope": actor.scope, "person_id": actor.person_id}
    with shown_errors(), unit_of_work() as conn:
        return _Found(
            standing_for(conn, case.id, **who),
            reporters_count(conn, case.id, **who),
            members_of(conn, case.id, **who),
            replies_to(conn, case.id, **who),
            likely_duplicates(
                conn,
                actor=actor,
                kind=case.kind,
                class_code=case.class_code,
                lon=detail.lon,
                lat=detail.lat,
                text=detail.description,
                now=now,
                besides=case.number,
            )
            if _may_merge(actor, detail)
            else None,
        )
    return None


def _may_merge(actor: Actor, detail: CaseDetail) -> bool:
    row = MOVES[Move.MERGE]
    return detail.case.state in row.sources and _may(actor, Move.MERGE)


def _may(actor: Actor, move: Move) -> bool:
    return actor.may(Permission.MOVE_CASES) and not MOVES[move].roles.isdisjoint(actor.roles)


def _link(number: str) -> None:
    st.page_link(PAGES / "case.py", label=number, query_params={"number": number})


def _thumbs(photos: Sequence[str]) -> None:
    if photos:
        alt = escape(_("Photo of the report"))
        st.html(" ".join(_THUMB.format(sha=escape(sha), alt=alt) for sha in photos))


def _show_standing(standing: Standing) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_("Merged into"), width="content")
            with st.container(width="content"):
                _link(standing.number)
            st.html(chip_html(state_chip(standing.state)), width="content")
        st.caption(
            _("Since {when} that case stands for this report; its end is told here too.").format(
                when=local_time(standing.since)
            )
        )


def _show_candidates(candidates: list[Candidate], number: str) -> None:
    if not candidates:
        st.caption(_("No other case near here tells of the same thing."))
        return
    st.markdown(f"**{_('Perhaps the same thing')}**")
    for one in candidates:
        with st.container(border=True):
            _candidate(one, number)


def _candidate(one: Candidate, number: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            _link(one.number)
        st.html(chip_html(state_chip(one.state)), width="content")
        if one.reporters > 1:
            st.badge(_people_words(one.reporters), color="blue")
    with st.container(horizontal=True, gap="small"):
        if one.photo:
            with st.container(width="content"):
                _thumbs([one.photo])
        with st.container():
            st.markdown(escape_markdown(name_of(one.reason)))
            if one.excerpt:
                st.caption(escape_markdown(one.excerpt))
    if one.open:
        st.button(
            _("Merge into this"),
            key=f"merge.{number}.{one.number}",
            icon=":material/merge:",
            on_click=prepare_move,
            args=(number, Move.MERGE, {"target_case": one.number}),
        )


def _people_words(count: int) -> str:
    if count == 1:
        return _("One person reported this")
    return _("{n} people reported this").format(n=count)


def _show_members(actor: Actor, found: _Found) -> None:
    words = _people_words(found.people)
    if not found.members:
        st.markdown(f"**{words}**")
        return
    merged = _("{n} merged").format(n=len(found.members))
    with st.expander(f"{words} · {merged}", icon=":material/merge:", expanded=True):
        for member in found.members:
            with st.container(border=True):
                _member(actor, member)


def _member(actor: Actor, member: Member) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if member.in_scope:
            with st.container(width="content"):
                _link(member.number)
        else:
            st.markdown(member.number, width="content")
        source = SOURCES.get(member.source)
        said = [local_time(member.reported_at), name_of(source) if source else member.source]
        st.caption(" · ".join(said), width="content")
    if member.by_way_of:
        st.caption(_("by way of {numbers}").format(numbers=", ".join(member.by_way_of)))
    if member.description:
        st.text(member.description)
    _thumbs(member.photos)
    if member.in_scope and _may(actor, Move.UNMERGE):
        with st.popover(_("Take out again"), icon=":material/call_split:"):
            _unmerge_form(actor, member)


def _unmerge_form(actor: Actor, member: Member) -> None:
    key = f"unmerge.{member.number}.{member.version}"
    reason = st.text_area(_("Why it is another thing"), key=f"{key}.reason", max_chars=4000)
    if not st.button(_("Take out {number}").format(number=member.number), key=f"{key}.go"):
        return
    done = False
    with shown_errors():
        with unit_of_work() as conn:
            move_case(
                conn,
                actor=actor,
                number=member.number,
                move=Move.UNMERGE,
                fields={"reason": reason},
                expected_version=member.version,
                now=datetime.now(UTC),
            )
        done = True
    if done:
        st.rerun()


def _show_replies(actor: Actor, detail: CaseDetail, replies: list[Reply]) -> None:
    answers = actor.may(Permission.REPLY_TO_REPORTERS)
    own = any(one.own for one in replies)
    if not replies and not answers:
        return
    heading = _("What reporters were told ({n})").format(n=len(replies))
    with st.expander(heading, expanded=own):
        for one in replies:
            _reply(one)
        if answers:
            _reply_form(actor, detail)


def _reply(one: Reply) -> None:
    words = [] if one.kind is ReplyKind.WRITTEN else [name_of(REPLY_WORDS[one.kind])]
    st.text("\n".join([*words, *([one.words] if one.words else [])]))
    said = [local_time(one.made_at), one.number]
    if one.about != one.number:
        said.append(_("about {number}").format(number=one.about))
    if one.reporter:
        said.append(one.reporter)
    st.caption(escape_markdown(" · ".join(said)))


def _reply_form(actor: Actor, detail: CaseDetail) -> None:
    key = f"reply.{detail.case.number}"
    turn = st.session_state.get(f"{key}.turn", 0)
    words = st.text_area(
        _("Write to everybody who reported this"), key=f"{key}.{turn}", max_chars=4000, height=80
    )
    if not st.button(_("Send the reply"), key=f"{key}.go", disabled=not words.strip()):
        return
    once = st.session_state.setdefault(f"{key}.{turn}.once", {})
    told = 0
    with shown_errors(), unit_of_work() as conn:
        told = reply(
            conn,
            actor=actor,
            number=detail.case.number,
            words=words,
            key=once.setdefault(words, f"reply-{uuid4().hex}"),
            now=datetime.now(UTC),
        )
    if told:
        st.session_state[f"{key}.turn"] = turn + 1
        st.toast(_("{n} people will read it.").format(n=told), icon=":material/check:")
        st.rerun()
