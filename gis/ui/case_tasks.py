"""Sub-tasks on the case's page: who assists, how far they are, giving and ending one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission, Role
from gis.cases.evidence.checks import Doubt
from gis.cases.evidence.sub_tasks import doubts_of_report
from gis.cases.queries import CaseDetail
from gis.cases.settings import read_case_settings
from gis.cases.tasks.commands import give_task, gives, step_task
from gis.cases.tasks.model import Handed, Task, TaskState, TaskStep
from gis.cases.tasks.queries import tasks_of_case
from gis.dispatch.queries import acting_departments
from gis.errors import Term
from gis.ui.begun import Begun, begin, finish
from gis.ui.case_hands import TaskForm, before_and_after, give_to_somebody
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.evidence_ask import ask_reason
from gis.ui.meanwhile import go_on_or_drop, task_changed
from gis.ui.photos import photo_field
from gis.ui.words import _, local_time, name_of

_NEW = "task.new"
_ICONS = {
    TaskState.OPEN: ":material/hourglass_empty:",
    TaskState.TAKEN: ":material/construction:",
    TaskState.DONE: ":material/check_circle:",
    TaskState.WITHDRAWN: ":material/cancel:",
}


def tasks_section(actor: Actor, detail: CaseDetail, now: datetime) -> None:
    """The sub-tasks of a case; nothing where there is none and this person gives none."""
    case = detail.case
    found: list[Task] = []
    with shown_errors(), unit_of_work() as conn:
        found = tasks_of_case(conn, case.number, scope=actor.scope, person_id=actor.person_id)
    may_give = actor.may(Permission.MOVE_CASES) and gives(
        actor, state=case.state, department_id=case.department_id
    )
    if not found and not may_give:
        return
    waiting = sum(task.state.waits for task in found)
    if found:
        st.markdown(f"**{_('Assisting departments')}** {waiting or ''}")
    for task in found:
        with st.container(border=True):
            _show(task)
            if task.photos:
                key = f"task.{task.id}.compare"
                before_and_after(actor, case.number, task.photos, key=key)
            form = begin(case.number, _name(task), task.version, (task, may_give))
            _act(actor, case.number, form)
            give_to_somebody(actor, detail, form, now)
            form.drawn()
            if form.version != task.version:
                _show_change(case.number, form, task, may_give=may_give)
    asking = begin(case.number, _NEW, f"{case.version}.{len(found)}", may_give)
    if asking.seen:
        with st.expander(_("Ask a department to assist"), icon=":material/group_add:"):
            _give(actor, detail, asking, now)


def _show(task: Task) -> None:
    state = escape_markdown(name_of(task.state.label))
    who = escape_markdown(name_of(task.department))
    st.markdown(f"{_ICONS[task.state]} **{who}** · {state}")
    if task.holder and task.state.waits:
        st.markdown(f":material/person: {_('In the hands of')} **{escape_markdown(task.holder)}**")
    if task.words:
        st.text(task.words)
    facts = [_("by {who}, {when}").format(
        who=task.made_by or _("System"), when=local_time(task.made_at)
    )]  # fmt: skip
    if task.due_on is not None and task.state.waits:
        facts.append(_("until {day}").format(day=task.due_on.isoformat()))
    if task.ended_at is not None:
        facts.append(_("ended {when}").format(when=local_time(task.ended_at)))
    st.caption(escape_markdown(" · ".join(facts)))
    for one in task.handed:
        st.caption(escape_markdown(_handed(one)))
    if task.said:
        st.text(task.said)
    if task.photos:
        images = "".join(
            f'<a href="/files/{sha}" target="_blank" rel="noopener">'
            f'<img src="/files/{sha}?size=thumb" alt="" loading="lazy"'
            ' style="height:80px;border-radius:6px;margin-right:6px"></a>'
            for sha in task.photos
        )
        st.html(images)


def _handed(one: Handed) -> str:
    said = _("{when}: {by} gave it to {to}") if one.to else _("{when}: {by} took it back")
    words = said.format(when=local_time(one.at), by=one.by, to=one.to)
    return f"{words} · {one.words}" if one.words else words


def _name(task: Task) -> str:
    return f"task.{task.id}"


def _show_change(number: str, form: TaskForm, task: Task, *, may_give: bool) -> None:
    """What others did to the sub-task while something was typed here, and the ways on."""
    task_changed(form.seen[0], task)
    go_on_or_drop(
        key=f"meanwhile.{form.stem}",
        possible=task.state is form.seen[0].state and may_give is form.seen[1],
        go_on=lambda: form.go_on(task.version, (task, may_give)),
        drop=lambda: finish(number, _name(task)),
    )


def _act(actor: Actor, number: str, form: TaskForm) -> None:
    """The step that this person can make now."""
    task, may_give = form.seen
    own = actor.has(Role.HANDLER) and actor.department_id == task.department_id
    if own and task.state is TaskState.OPEN:
        if st.button(name_of(TaskStep.TAKE_UP.label), key=f"{form.stem}.take", type="primary"):
            _step(actor, number, form, TaskStep.TAKE_UP)
    elif own and task.state is TaskState.TAKEN:
        _report(actor, number, form)
    if may_give and task.state.waits:
        with st.popover(name_of(TaskStep.WITHDRAW.label)):
            why = st.text_input(_("Why"), key=f"{form.stem}.why", max_chars=4000)
            if st.button(name_of(TaskStep.WITHDRAW.label), key=f"{form.stem}.withdraw"):
                _step(actor, number, form, TaskStep.WITHDRAW, why)


def _report(actor: Actor, number: str, form: TaskForm) -> None:
    """The result with its photos: beside what was there before, and what is odd about them."""
    task, stem = form.seen[0], form.stem
    words = st.text_area(_("What was done"), key=f"{stem}.words", max_chars=4000, height=80)
    photos = photo_field(f"**{_('Photos')}**", key=f"{stem}.photos", form=stem)
    before_and_after(actor, number, photos, key=f"{stem}.compare")
    doubts: list[Doubt] = []
    if photos:
        with shown_errors(), unit_of_work() as conn:
            doubts = doubts_of_report(
                conn, actor=actor, number=number, task_id=task.id, photos=photos,
                now=datetime.now(UTC),
            )  # fmt: skip
    why = ask_reason(doubts, stem) or ""
    if st.button(name_of(TaskStep.REPORT.label), key=f"{stem}.report", type="primary"):
        _step(actor, number, form, TaskStep.REPORT, words, photos, why)


def _step(
    actor: Actor,
    number: str,
    form: TaskForm,
    step: TaskStep,
    words: str = "",
    photos: Sequence[str] = (),
    reason_evidence: str = "",
) -> None:
    done = None
    with shown_errors(), unit_of_work() as conn:
        done = step_task(
            conn,
            actor=actor,
            number=number,
            task_id=form.seen[0].id,
            step=step,
            expected_version=int(form.version),
            words=words,
            photos=photos,
            reason_evidence=reason_evidence,
            now=datetime.now(UTC),
        )
    if done is not None:
        finish(number, _name(form.seen[0]))
        st.toast(name_of(done.state.label), icon=":material/check:")
        st.rerun()


def _give(actor: Actor, detail: CaseDetail, asking: Begun[bool], now: datetime) -> None:
    case, stem = detail.case, asking.stem
    names: dict[int, Term] = {}
    today = now.date()
    with shown_errors(), unit_of_work() as conn:
        today = now.astimezone(read_case_settings(conn).zone).date()
        names = {d.id: d.name for d in acting_departments(conn, on=today)}
    names.pop(case.department_id or 0, None)
    wanted = st.selectbox(
        _("Department"),
        list(names),
        index=None,
        format_func=lambda one: name_of(names[one]),
        placeholder=_("Choose one"),
        key=f"{stem}.department",
    )
    words = st.text_area(_("What to do"), key=f"{stem}.words", max_chars=4000, height=80)
    until = st.date_input(
        _("Until (optional)"), value=None, min_value=today, format="YYYY-MM-DD", key=f"{stem}.due"
    )
    asking.drawn()
    if st.button(_("Ask to assist"), key=f"{stem}.go", disabled=wanted is None):
        _make(actor, case.number, wanted or 0, words, until, today)


def _make(
    actor: Actor, number: str, department_id: int, words: str, until: object, today: date
) -> None:
    made = None
    with shown_errors(), unit_of_work() as conn:
        made = give_task(
            conn,
            actor=actor,
            number=number,
            department_id=department_id,
            words=words,
            due_on=until if isinstance(until, date) else None,
            now=datetime.now(UTC),
            today=today,
        )
    if made is not None:
        finish(number, _NEW)
        st.rerun()
