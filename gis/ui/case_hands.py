"""A sub-task on the case's page: giving it to a person, taking it back, before and after."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission, Role
from gis.cases.colleagues import Colleague
from gis.cases.queries import CaseDetail, case_by_number, history
from gis.cases.screen import PURPOSES, TimelineEntry, timeline
from gis.cases.tasks.giving import give_to_person, people_for
from gis.cases.tasks.model import Task
from gis.ui.begun import Begun, finish
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.photo_compare import photo_compare
from gis.ui.words import _

TaskForm = Begun[tuple[Task, bool]]
"""What is done with a sub-task: the task as it was seen, and whether this person may end it."""


def give_to_somebody(actor: Actor, detail: CaseDetail, form: TaskForm, now: datetime) -> None:
    """Who of the department does it; nothing for people of other departments."""
    task = form.seen[0]
    own = actor.has(Role.HANDLER) and actor.department_id == task.department_id
    if not (own and task.state.waits and actor.may(Permission.MOVE_CASES)):
        return
    stem = f"{form.stem}.person"
    with st.popover(_("Give to a person"), icon=":material/person_add:"):
        there: list[Colleague] = []
        with shown_errors(), unit_of_work() as conn:
            there = people_for(conn, actor=actor, case=detail.case, now=now)
        names = {p.person_id: p for p in there if p.person_id != task.holder_id}
        wanted = st.selectbox(
            _("Person"),
            list(names),
            index=None,
            format_func=lambda one: _("{name} ({n} in hand)").format(
                name=names[one].name, n=names[one].held
            ),
            placeholder=_("Choose one"),
            key=stem,
        )
        words = st.text_input(_("What to tell (optional)"), key=f"{stem}.words", max_chars=4000)
        if st.button(_("Give"), key=f"{stem}.go", type="primary", disabled=wanted is None):
            _hand(actor, detail.case.number, form, wanted, words)
        if task.holder_id is not None and st.button(_("Take back"), key=f"{stem}.back"):
            _hand(actor, detail.case.number, form, None, words)


def _hand(actor: Actor, number: str, form: TaskForm, person_id: int | None, words: str) -> None:
    done = None
    with shown_errors(), unit_of_work() as conn:
        done = give_to_person(
            conn,
            actor=actor,
            number=number,
            task_id=form.seen[0].id,
            person_id=person_id,
            expected_version=int(form.version),
            words=words,
            now=datetime.now(UTC),
        )
    if done is not None:
        finish(number, f"task.{form.seen[0].id}")
        st.rerun()


def before_and_after(actor: Actor, number: str, photos: Sequence[str], *, key: str) -> None:
    """What the case showed before, beside what the assisting department shows; nothing without."""
    if not photos:
        return
    steps: list[TimelineEntry] = []
    with shown_errors(), unit_of_work() as conn:
        person = actor.person_id
        case = case_by_number(conn, number, scope=actor.scope, person_id=person).case
        steps = timeline(history(conn, case.id, scope=actor.scope, person_id=person))
    own = [(PURPOSES["after"], sha) for sha in reversed(photos)]
    before = [one for step in steps for one in step.photos if one[0] != PURPOSES["after"]]
    photo_compare([*before, *own], key=key)
