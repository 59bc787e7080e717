"""The form of a move: what was chosen counts, and what stands against a move is said."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.config import CHECKOUT

Visitor = Callable[..., AppTest]


def _choices(app: AppTest) -> list[object]:
    return [w for w in app.segmented_control if str(w.key).startswith("move.pick.")]


def _handling(engine: Engine) -> str:
    """A case in the hands of the one-click handler's department."""
    with engine.begin() as conn:
        department = "(SELECT department_id FROM person WHERE login = 'demo.handler')"
        number = conn.execute(
            text(
                "SELECT number FROM cases WHERE state = 'HANDLING'"
                f" AND department_id = {department} ORDER BY id LIMIT 1"
            )
        ).scalar_one()
    return str(number)


def test_a_move_stays_chosen_and_is_forgotten_for_the_next_case(
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
