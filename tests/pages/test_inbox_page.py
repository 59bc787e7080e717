"""The inbox as a page: tasks, the case in hand, hand-over, filters that are kept."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.markdown, app.success, app.text)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_the_first_task_is_in_hand_and_then_read(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "inbox.py")
    assert not app.exception
    with own_district.connect() as conn:
        seen = conn.execute(
            text("SELECT c.number FROM case_seen s JOIN cases c ON c.id = s.case_id")
        ).scalar_one()
    assert f"**{seen}**" in texts(app)


def test_every_post_that_moves_cases_has_an_inbox(district: Engine, visitor: Visitor) -> None:
    for role in (Role.SUPERVISOR, Role.HANDLER, Role.DISPATCHER, Role.AUDITOR):
        app = visitor(district, role, "inbox.py", locale="en")
        assert not app.exception, role
        assert app.title[0].value == "Inbox"


def test_a_filter_is_saved_and_used_again(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "inbox.py")
    app.query_params["state"] = "PENDING_CHECK"
    app.run()
    app.text_input(key="inbox.saved.title").set_value("待发核查")
    app.button(key="inbox.saved.save").click().run()
    assert not app.exception
    assert "待发核查" in texts(app)
    app.query_params.clear()
    app.run()
    next(button for button in app.button if button.label == "待发核查").click().run()
    assert app.query_params["state"] == "PENDING_CHECK"


def test_a_refused_hand_over_says_why(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "inbox.py")
    boxes = [box for box in app.selectbox if box.label == "代办人"]
    if not boxes:
        assert "没有其他人在您的区域担任相同岗位" in texts(app)
        return
    boxes[0].select_index(0).run()
    app.date_input(key="inbox.substitute.last").set_value("2020-01-01").run()
    app.button(key="inbox.substitute.go").click().run()
    assert "截止日早于起始日" in texts(app)
