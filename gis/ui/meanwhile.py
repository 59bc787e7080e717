"""What others did while a form was being filled in: as it was, what was done, as it is now."""

from collections.abc import Callable, Sequence

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.queries import CaseDetail, history
from gis.cases.screen import TimelineEntry, state_chip, timeline
from gis.cases.tasks.model import Task
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_time, name_of


def case_changed(actor: Actor, then: CaseDetail, now: CaseDetail) -> None:
    """The steps of others since the form was begun, with both sides."""
    steps: list[TimelineEntry] = []
    with shown_errors(), unit_of_work() as conn:
        found = history(conn, now.case.id, scope=actor.scope, person_id=actor.person_id)
        steps = [step for step in timeline(found) if step.at > then.case.changed_at]
    _say(
        _("This case was changed while you were filling in the form. What you typed is kept."),
        [_step(step) for step in steps],
        _facts_of_case(then),
        _facts_of_case(now),
    )


def task_changed(then: Task, now: Task) -> None:
    """What became of a sub-task since the form was begun, with both sides."""
    given = [
        " · ".join(part for part in (local_time(one.at), one.by, one.to or "", one.words) if part)
        for one in now.handed[len(then.handed) :]
    ]
    _say(
        _("This sub-task was changed while you were filling in the form. What you typed is kept."),
        given,
        _facts_of_task(then),
        _facts_of_task(now),
    )


def go_on_or_drop(
    *, key: str, possible: bool, go_on: Callable[[], None], drop: Callable[[], None]
) -> None:
    """The way out: decide anew on what is there now, or leave it where that is over."""
    if possible:
        st.button(_("Go on with what is there now"), key=f"{key}.go_on", on_click=go_on)
        return
    st.caption(_("What you were about to do is not possible any more."))
    st.button(_("Drop what was typed"), key=f"{key}.drop", on_click=drop)


def _say(head: str, steps: Sequence[str], then: str, now: str) -> None:
    lines = [f"**{head}**", *(escape_markdown(step) for step in steps)]
    lines.append(escape_markdown(_("When you began: {facts}").format(facts=then)))
    lines.append(escape_markdown(_("Now: {facts}").format(facts=now)))
    st.warning("\n\n".join(lines), icon=":material/sync_problem:")


def _step(step: TimelineEntry) -> str:
    parts = (local_time(step.at), step.who or _("System"), name_of(step.title), step.note)
    return " · ".join(part for part in parts if part)


def _facts_of_case(detail: CaseDetail) -> str:
    case = detail.case
    parts = [
        name_of(state_chip(case.state).name),
        name_of(detail.department) if detail.department else "",
        detail.handler or "",
        detail.supervisor or "",
        _("due {when}").format(when=local_time(case.due_at)) if case.due_at else "",
    ]
    return " · ".join(part for part in parts if part)


def _facts_of_task(task: Task) -> str:
    parts = (name_of(task.state.label), task.holder or "", task.said)
    return " · ".join(part for part in parts if part)
