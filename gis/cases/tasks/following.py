"""What a move of a case brings with it: sub-tasks given or ended, posts told."""

from sqlalchemy import func, select

from gis.accounts.model import Role
from gis.cases.asking import Ask
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.colleagues import tell_hands
from gis.cases.model import Move
from gis.cases.records import Case
from gis.cases.tables import case_event
from gis.cases.tasks.commands import withdraw_all, write_task
from gis.cases.tasks.model import WAITING
from gis.cases.tasks.tables import case_task
from gis.errors import Invalid, fault
from gis.i18n import N_

_GIVEN_WITH = frozenset({Move.DISPATCH, Move.ARBITRATE})
_CHANGES_HANDS = frozenset({Move.ASSIGN, Move.TAKE_BACK})
_LEAVES_THE_DEPARTMENT = frozenset({Move.APPROVE_RETURN, Move.CHECK_FAILED})


def follow(ask: Ask, after: Case) -> None:
    """
    What a move that has been written brings with it, in its transaction.

    A dispatch asks the assisting departments; a case that ends or leaves its
    department waits for none of them any more. Supervision tells the
    department, a return too many tells the arbiter, a case given to a person or taken back tells
    whom it is given to and who had it.
    """
    move = ask.row.move
    if move in _GIVEN_WITH:
        _give(ask, after)
    if move in _LEAVES_THE_DEPARTMENT or (ask.case.open and not after.open):
        withdraw_all(ask.conn, case_id=after.id, number=after.number, actor=ask.actor, now=ask.now)
    if move is Move.SUPERVISE:
        _tell(ask, after, NoticeKind.SUPERVISION, Role.HANDLER, _supervisions(ask, after))
    if move in _CHANGES_HANDS:
        tell_hands(
            ask.conn, case_id=after.id, about=str(after.version), department_id=after.department_id,
            before=ask.case.handler_id, after=after.handler_id, by=ask.actor.person_id, now=ask.now,
        )  # fmt: skip
    if move is Move.TO_ARBITRATION:
        _tell(ask, after, NoticeKind.RETURN_LOOP, Role.ARBITER, after.bounce_count)


def check_assistants(ask: Ask) -> None:
    """
    The department that gets the case does not assist itself.

    Raises
    ------
    Invalid
        Names the field.
    """
    if ask.fields.get("department") in ask.fields.get("assistants", ()):
        message = N_("The department that gets the case cannot assist itself.")
        raise Invalid(message, faults=[fault("assistants", message)])


def _give(ask: Ask, after: Case) -> None:
    wanted = ask.fields.get("assistants", ())
    if not wanted:
        return
    t = case_task.c
    waiting = set(
        ask.conn.scalars(select(t.department_id).where(t.case_id == after.id, t.state.in_(WAITING)))
    )
    for department_id in wanted:
        if department_id not in waiting:
            write_task(
                ask.conn, case_id=after.id, department_id=department_id, words="", due_on=None,
                actor=ask.actor, number=after.number, now=ask.now,
            )  # fmt: skip


def _supervisions(ask: Ask, after: Case) -> int:
    """How often a case has been supervised, this time included."""
    e = case_event.c
    made = select(func.count()).where(e.case_id == after.id, e.move == str(Move.SUPERVISE))
    return ask.conn.execute(made).scalar_one()


def _tell(ask: Ask, after: Case, kind: NoticeKind, role: Role, level: int | None) -> None:
    notify(
        ask.conn, case_id=after.id, kind=kind, level=level, role=role, now=ask.now,
        about=str(after.version),
    )  # fmt: skip
