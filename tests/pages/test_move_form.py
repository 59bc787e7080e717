"""The form of a move: what was chosen counts, and what stands against a move is said."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.config import CHECKOUT

Visitor = Callable[..., AppTest]


def _choices(app: AppTest) -> list[object]:
    return [w for w in app.segmented_control if str(w.key).startswith("pick.move.")]


def _handling(engine: Engine) -> str:
    """A case that the one-click handler can report done: nobody else has it, nobody assists."""
    with engine.begin() as conn:
        number = conn.execute(
            text(
                "SELECT c.number FROM cases c JOIN person p ON p.login = 'demo.handler'"
                " AND p.department_id = c.department_id AND p.id = coalesce(c.handler_id, p.id)"
                " WHERE c.state = 'HANDLING' AND NOT EXISTS"
                " (SELECT FROM case_task s WHERE s.case_id = c.id) ORDER BY c.id LIMIT 1"
            )
        ).scalar_one()
    return str(number)


def test_a_move_stays_chosen_while_the_page_is_drawn_again(
    district: Engine, visitor: Visitor
) -> None:
    app = visitor(district, Role.HANDLER, "case.py")
    app.query_params["number"] = _handling(district)
    app.run()
    [choice] = _choices(app)
    assert choice.value == "report_done"  # type: ignore[attr-defined]
    choice.set_value("ask_extension").run()  # type: ignore[attr-defined]
    app.run()
    assert [w.value for w in _choices(app)] == ["ask_extension"]  # type: ignore[attr-defined]


def test_what_the_browser_says_was_chosen_counts_in_the_first_run(
    district: Engine, visitor: Visitor
) -> None:
    """After a lost connection the browser brings its choices to a session that knows none."""
    number = _handling(district)
    before = visitor(district, Role.HANDLER, "case.py")
    before.query_params["number"] = number
    before.run()
    _choices(before)[0].set_value("ask_extension")  # type: ignore[attr-defined]
    brought = before._tree.get_widget_states()
    after = visitor(district, Role.HANDLER)
    after.query_params["number"] = number
    after.switch_page(str(CHECKOUT / "pages" / "case.py"))
    after._run(brought)
    assert not after.exception
    assert [w.value for w in _choices(after)] == ["ask_extension"]  # type: ignore[attr-defined]


def test_who_grants_a_suspension_finds_the_day_that_was_asked_for(
    district: Engine, visitor: Visitor
) -> None:
    with district.begin() as conn:
        number, day = conn.execute(
            text(
                "SELECT c.number, e.data ->> 'resume_on' FROM cases c"
                " JOIN case_event e ON e.case_id = c.id AND e.move = 'ask_suspension'"
                " WHERE c.state = 'SUSPEND_REVIEW' ORDER BY e.id DESC LIMIT 1"
            )
        ).one()
    app = visitor(district, Role.SHIFT_LEADER, "case.py")
    app.query_params["number"] = number
    app.run()
    assert not app.exception
    [field] = [f for f in app.date_input if str(f.key).endswith(".resume_on")]
    assert str(field.value) == day
