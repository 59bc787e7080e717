"""Every move can be found on a screen by whoever makes it, with a control for each field."""

import pytest

from gis.accounts.model import Permission, Role, permissions_of
from gis.cases.model import Move
from gis.cases.move_fields import KINDS, FieldKind
from gis.cases.options import fields_of_move
from gis.cases.queues import QUEUES, Narrowing
from gis.cases.tasks.reasons import OTHER, reasons_of
from gis.cases.workflow import MOVES, STATES
from gis.ui.move_form import _DRAW

FROM_CASES = {what: row for what, row in MOVES.items() if None not in row.sources}


@pytest.mark.parametrize("what", FROM_CASES, ids=str)
def test_each_post_finds_the_case_it_moves(what: Move) -> None:
    """In a queue of the post while the case is open, in the list of all cases once it ended."""
    row = MOVES[what]
    for role in row.roles - {"system"}:
        own = [
            queue
            for queue in QUEUES.values()
            if Role(role) in queue.roles and queue.narrowing is not Narrowing.REPORTED
        ]
        for state in row.sources:
            assert state is not None
            if STATES[state].terminal:
                assert Permission.VIEW_CASES in permissions_of(Role(role))
            else:
                assert any(state in queue.states for queue in own), (role, state)


@pytest.mark.parametrize("what", FROM_CASES, ids=str)
def test_each_field_of_a_move_has_a_control(what: Move) -> None:
    drawn = {*_DRAW, FieldKind.CONDITIONS, FieldKind.ANSWERS}
    fields = {field.name: field for field in fields_of_move(MOVES[what])}
    assert set(MOVES[what].needs) <= set(fields)
    assert all(KINDS[name] in drawn for name in fields)
    if reasons := reasons_of(what):
        assert fields["reason_code"].choices == tuple(reasons)
        assert OTHER in reasons and fields["reason_code"].required
        assert all(name.zh and name.en for name in fields["reason_code"].names)


def test_reasons_are_listed_where_a_reason_is_needed_only() -> None:
    listed = [what for what in Move if reasons_of(what)]
    assert Move.ASK_RETURN in listed and Move.ASK_EXTENSION in listed
    assert all("reason" in MOVES[what].needs for what in listed)
    assert {reason.confidence for what in listed for reason in reasons_of(what).values()} == {
        "proposed"
    }
