"""Parts of the people page: the list, one person's sheet, the forms."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Row

from gis.accounts.commands import (
    activate_person,
    create_person,
    deactivate_person,
    revoke_sessions,
    set_password,
    update_person,
)
from gis.accounts.model import Actor, Permission, Role, role_terms
from gis.accounts.passwords import check_policy, hash_password
from gis.accounts.people_rules import PersonDraft
from gis.accounts.posts import end_post, give_post
from gis.accounts.queries import PAGE_SIZE, PeopleFilter
from gis.accounts.screen import POST_ROLES, area_label, people_table, post_label
from gis.errors import Invalid, Term, fault
from gis.i18n import N_
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, local_date, local_time, locale, name_of, today

Names = Mapping[str, Term]


def role_name(role: str) -> str:
    """The name of a role; the empty one means all."""
    return name_of(role_terms()[Role(role)]) if role else _("All roles")


def filters(departments: Mapping[int, str]) -> PeopleFilter:
    """The row of filters above the list; a change of any begins at the first page."""
    words, role, department, inactive = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    chosen = PeopleFilter(
        words=words.text_input(_("Name or login"), key="people.words", max_chars=50),
        role=role.selectbox(
            _("Role"), ["", *(r.value for r in POST_ROLES)], format_func=role_name,
            key="people.role",
        ),
        department_id=department.selectbox(
            _("Belongs to"), list(departments), index=None, key="people.department",
            format_func=departments.__getitem__, placeholder=_("All departments"),
        ),
        inactive=inactive.toggle(_("Deactivated too"), key="people.inactive"),
    )  # fmt: skip
    if st.session_state.get("people.filter") != chosen:
        st.session_state["people.filter"] = chosen
        st.session_state["people.page"] = 0
    return PeopleFilter(**{**chosen.__dict__, "page": st.session_state["people.page"]})


def listing(rows: list[Row[Any]], total: int, names: Names) -> int | None:
    """The list with its pager; answers the id of the chosen person."""
    if not rows:
        st.info(_("Nobody matches. Change the filters above."))
        return None
    chosen = st.dataframe(
        people_table(rows, names, locale()),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="people.list",
        placeholder="",
        height=min(38 * (len(rows) + 1), 420),
        column_config={
            "name": st.column_config.TextColumn(_("Full name"), pinned=True),
            "login": st.column_config.TextColumn(_("Login")),
            "department": st.column_config.TextColumn(_("Belongs to")),
            "posts": st.column_config.ListColumn(_("Posts"), width="large"),
            "cells": st.column_config.NumberColumn(_("Cells")),
            "on_duty": st.column_config.CheckboxColumn(_("On duty today")),
            "active": st.column_config.CheckboxColumn(_("Active")),
        },
    )
    _pager(total)
    picked = chosen["selection"]["rows"]
    return int(rows[picked[0]].id) if picked and picked[0] < len(rows) else None


def _pager(total: int) -> None:
    page, pages = st.session_state["people.page"], -(-total // PAGE_SIZE)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _("{total} persons, page {page} of {pages}").format(
                total=total, page=page + 1, pages=pages
            )
        )
        if st.button(_("Previous page"), disabled=page == 0, key="people.back"):
            st.session_state["people.page"] = page - 1
            st.rerun()
        if st.button(_("Next page"), disabled=page + 1 >= pages, key="people.next"):
            st.session_state["people.page"] = page + 1
            st.rerun()


def new_person(actor: Actor, departments: Mapping[int, str]) -> None:
    """The form for a new person."""
    with st.expander(_("Add a person"), icon=":material/person_add:"), st.form("people.new"):
        draft = person_fields("people.new", departments)
        login = st.text_input(
            _("Login"), key="people.new.login", max_chars=40,
            help=_("Small letters, digits, dots or dashes. It stays for ever."),
        )  # fmt: skip
        if not st.form_submit_button(_("Add this person"), type="primary"):
            return
    with shown_errors():
        with unit_of_work() as conn:
            create_person(
                conn, actor=actor, now=datetime.now(UTC),
                draft=PersonDraft(login.strip(), draft.name, draft.department_id, draft.phone),
            )  # fmt: skip
        for key in ("name", "phone", "login"):
            del st.session_state[f"people.new.{key}"]
        say_next(_("{name} was added. Give a post next.").format(name=draft.name))
        st.rerun()


def person_fields(
    key: str, departments: Mapping[int, str], row: Row[Any] | None = None
) -> PersonDraft:
    """Name, department and phone, filled from `row`."""
    ids = list(departments)
    return PersonDraft(
        login="",
        name=st.text_input(
            _("Full name"), row.name if row else "", key=f"{key}.name", max_chars=50
        ),
        department_id=st.selectbox(
            _("Belongs to"), ids, format_func=departments.__getitem__, key=f"{key}.department",
            index=ids.index(row.department_id) if row and row.department_id in ids else 0,
        ) or 0,
        phone=st.text_input(
            _("Phone"), (row.phone or "") if row else "", key=f"{key}.phone", max_chars=20
        ),
    )  # fmt: skip


def sheet(row: Row[Any], names: Names) -> None:
    """What is known of one person."""
    st.subheader(escape_markdown(row.name), anchor=False)
    facts = [row.login, name_of({"name_zh": row.department_zh, "name_en": row.department_en})]
    if row.phone:
        facts.append(row.phone)
    facts.append(_("{n} open sessions").format(n=row.sessions))
    st.caption(escape_markdown(" · ".join(facts)))
    if not row.active:
        st.warning(_("This person is deactivated and cannot sign in."))
    if row.locked_until is not None and row.locked_until > datetime.now(UTC):
        st.warning(
            _("Locked after failed sign-ins until {time}.").format(
                time=local_time(row.locked_until)
            )
        )
    for post in row.posts:
        span = _post_span(post)
        st.markdown(f"- {escape_markdown(post_label(post, names, locale()))} {span}")
    if not row.posts:
        st.caption(_("No post yet: this person may do nothing."))
    if row.cells:
        with st.expander(_("Walks {n} cells").format(n=len(row.cells))):
            st.code("\n".join(row.cells), language=None, height=200)


def _post_span(post: Mapping[str, Any]) -> str:
    begins = date.fromisoformat(post["valid_from"])
    if post["valid_to"] is not None:
        ended = local_date(date.fromisoformat(post["valid_to"]))
        return _("(ended {day})").format(day=ended)
    return _("(from {day})").format(day=local_date(begins)) if begins > today() else ""


def change(actor: Actor, row: Row[Any], departments: Mapping[int, str]) -> None:
    """The form that changes name, department and phone."""
    with st.form(f"people.change.{row.id}.{row.version}"):
        draft = person_fields(f"people.change.{row.id}.{row.version}", departments, row)
        if not st.form_submit_button(_("Save changes"), type="primary"):
            return
    with shown_errors():
        with unit_of_work() as conn:
            update_person(
                conn, actor=actor, person_id=row.id, draft=draft, now=datetime.now(UTC),
                expected_version=row.version,
            )  # fmt: skip
        say_next(_("Saved."))
        st.rerun()


def posts(actor: Actor, row: Row[Any], names: Names) -> None:
    """Give a post, end a post."""
    with st.form(f"people.post.{row.id}"):
        role = st.selectbox(
            _("Role"), [r.value for r in POST_ROLES], format_func=role_name,
            key=f"people.post.{row.id}.role",
        )  # fmt: skip
        area = st.selectbox(
            _("Area"), list(names), key=f"people.post.{row.id}.area",
            format_func=lambda code: area_label(code, names, locale()),
        )  # fmt: skip
        begins = st.date_input(
            _("From"), today(), min_value=today(), key=f"people.post.{row.id}.from",
            format="YYYY-MM-DD",
        )  # fmt: skip
        given = st.form_submit_button(_("Give this post"), type="primary")
    if given:
        with shown_errors():
            with unit_of_work() as conn:
                give_post(
                    conn, actor=actor, person_id=row.id, role=Role(role), area_code=area or "",
                    valid_from=begins, today=today(), now=datetime.now(UTC),
                )  # fmt: skip
            say_next(_("The post was given."))
            st.rerun()
    for post in (p for p in row.posts if p["valid_to"] is None):
        label = _("End today: {post}").format(post=post_label(post, names, locale()))
        if st.button(escape_markdown(label), key=f"people.end.{post['id']}"):
            with shown_errors():
                with unit_of_work() as conn:
                    end_post(
                        conn, actor=actor, post_id=post["id"], today=today(),
                        now=datetime.now(UTC),
                    )  # fmt: skip
                say_next(_("The post ended."))
                st.rerun()


def access(actor: Actor, row: Row[Any]) -> None:
    """Password, sessions, deactivation."""
    if not row.demo:
        _password(actor, row)
    if st.button(_("End all sessions"), key=f"people.revoke.{row.id}", disabled=not row.sessions):
        with shown_errors():
            with unit_of_work() as conn:
                revoke_sessions(conn, actor=actor, person_id=row.id, now=datetime.now(UTC))
            say_next(_("All sessions of {name} ended.").format(name=row.name))
            st.rerun()
    act, label, done = (
        (deactivate_person, _("Deactivate {name}"), _("{name} cannot sign in any more."))
        if row.active
        else (activate_person, _("Activate {name}"), _("{name} can sign in again."))
    )
    if st.button(escape_markdown(label.format(name=row.name)), key=f"people.active.{row.id}"):
        with shown_errors():
            with unit_of_work() as conn:
                act(
                    conn, actor=actor, person_id=row.id, now=datetime.now(UTC),
                    expected_version=row.version,
                )  # fmt: skip
            say_next(done.format(name=row.name))
            st.rerun()


def _password(actor: Actor, row: Row[Any]) -> None:
    with st.form(f"people.password.{row.id}", clear_on_submit=True):
        first = st.text_input(_("New password"), type="password", autocomplete="new-password")
        again = st.text_input(_("Once more"), type="password", autocomplete="new-password")
        if not st.form_submit_button(_("Set this password")):
            return
    with shown_errors():
        if first != again:
            raise Invalid(
                N_("The password cannot be taken."),
                faults=[fault("password", N_("The two entries differ."))],
            )
        check_policy(first, row.login)
        hashed = hash_password(first)
        with unit_of_work() as conn:
            set_password(
                conn, actor=actor, person_id=row.id, password_hash=hashed, now=datetime.now(UTC)
            )
        say_next(_("The password is set; all sessions ended."))
        st.rerun()


def may_manage(actor: Actor) -> bool:
    """Whether the forms are shown at all."""
    return actor.may(Permission.MANAGE_PEOPLE)
