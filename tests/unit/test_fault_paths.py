"""The ways that cases go while processes are killed leave no move out."""

from gis.cases.model import Move
from gis.cases.tasks.model import TaskStep
from tests.faults.battery.paths import COMMANDS, TASK_STEPS


def test_every_move_and_every_step_of_a_sub_task_is_played() -> None:
    assert {str(move) for move in Move} - COMMANDS == set()
    assert set(TASK_STEPS.values()) == {str(step) for step in TaskStep}
    assert set(TASK_STEPS) <= COMMANDS
