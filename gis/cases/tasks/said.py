"""What a person says with a move beyond its plain fields: checked, and made ready to be kept."""

from collections.abc import Mapping
from typing import Any

from gis.cases.asking import Ask
from gis.cases.model import Move
from gis.cases.tasks.checklists import checklist_of, ticked
from gis.cases.tasks.questions import check_answers
from gis.cases.tasks.reasons import OTHER, check_reason, is_said, reasons_of
from gis.standards.queries import limits_of_class


def with_reason(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields as the move table asks for them: a reason from the list needs no words."""
    if "reason" in fields or not is_said(fields):
        return fields
    return {**fields, "reason": fields["reason_code"]}


def with_code(move: Move, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields with the list's last entry where a reason is given in words alone."""
    if "reason" in fields and "reason_code" not in fields and reasons_of(move):
        return {**fields, "reason_code": OTHER}
    return fields


def complete(ask: Ask, fields: dict[str, Any]) -> None:
    """
    Check what was said with a move and put it into the form in which the history keeps it.

    A reason in words alone counts as the last entry of the move's list.
    Conditions are kept with their words, so that the history reads the same
    when a rule has changed.

    Raises
    ------
    Invalid
        A reason that is not on the list, a condition or question that the class does not have.
    """
    move, case = ask.row.move, ask.case
    check_reason(move, fields)
    fields.update(with_code(move, fields))
    if "answers" in fields:
        check_answers(fields["answers"], case.kind, case.edition, case.class_code)
    if "checks" in fields:
        rules = limits_of_class(
            ask.conn, kind=case.kind, edition=case.edition, code=case.class_code
        )
        items = checklist_of(move, rules, case.condition_no)
        fields["checks"] = ticked(items, fields["checks"])
