"""Likely duplicates on the page of a case: shown with a reason, merged by one click, taken back."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]

TWIN = "INSERT INTO cases ({columns}) SELECT {values} FROM cases WHERE number = :number"
OWN = ("number", "description", "reported_at")


def twins(engine: Engine) -> tuple[str, str]:
    """A report that waits, and another one of the same thing at the same place an hour earlier."""
    with engine.begin() as conn:
        number = conn.execute(
            text("SELECT number FROM cases WHERE state = 'REPORTED' ORDER BY id LIMIT 1")
        ).scalar_one()
        names = conn.scalars(
            text(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'cases'"
                " AND is_generated = 'NEVER' AND is_identity = 'NO'"
            )
        ).all()
        twin = f"{number[:-4]}9001"
        values = {
            "number": f"'{twin}'", "description": "description || '<b>*旁边*</b>'",
            "reported_at": "reported_at - interval '1 hour'",
        }  # fmt: skip
        sql = TWIN.format(
            columns=", ".join(names), values=", ".join(values.get(n, n) for n in names)
        )
        conn.execute(text(sql), {"number": number})
    return str(number), twin


def the_case(app: AppTest, number: str) -> AppTest:
    app.query_params["number"] = number
    return app.run()


def texts(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.markdown, app.text)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def button(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()  # type: ignore[no-any-return]


@pytest.fixture
def pair(own_district: Engine) -> tuple[str, str]:
    return twins(own_district)


def test_a_likely_duplicate_is_merged_by_the_form_it_fills_in_and_taken_out_again(
    own_district: Engine, visitor: Visitor, pair: tuple[str, str]
) -> None:
    number, twin = pair
    app = the_case(visitor(own_district, Role.ACCEPTOR, "case.py"), number)
    assert not app.exception
    said = texts(app)
    assert "疑似重复" in said and "0 米，同类别" in said
    assert "<b>" not in said and "\\*旁边\\*" in said, "words of people are no markup"
    app = app.button(key=f"merge.{number}.{twin}").click().run()
    target = next(box for box in app.text_input if box.label == "目标案卷")
    assert target.value == twin
    app = button(app, "并案")
    assert not app.exception
    assert "已并入" in texts(app)
    assert "您的上报与另一案卷反映同一问题" in texts(app)
    app = the_case(app, twin)
    assert any("人反映" in one.label for one in app.expander)
    next(box for box in app.text_area if box.label.startswith("撤销原因")).set_value("不是同一处")
    app = button(app, f"撤出 {number}")
    assert not app.exception
    assert "经" not in texts(app) and f"撤出 {number}" not in [b.label for b in app.button]
    with own_district.connect() as conn:
        state = conn.execute(text("SELECT state FROM cases WHERE number = :n"), {"n": number})
        assert state.scalar_one() == "REPORTED"


def test_a_refused_taking_out_keeps_what_was_typed(
    own_district: Engine, visitor: Visitor, pair: tuple[str, str]
) -> None:
    number, twin = pair
    app = the_case(visitor(own_district, Role.ACCEPTOR, "case.py"), number)
    app = button(app.button(key=f"merge.{number}.{twin}").click().run(), "并案")
    app = the_case(app, twin)
    app = button(app, f"撤出 {number}")
    assert any("撤销并案" in str(error.value) for error in app.error)
    assert f"撤出 {number}" in [b.label for b in app.button]


def test_whoever_merges_nothing_is_shown_no_candidates(
    own_district: Engine, visitor: Visitor, pair: tuple[str, str]
) -> None:
    app = the_case(visitor(own_district, Role.MANAGER, "case.py"), pair[0])
    assert not app.exception
    assert "疑似重复" not in texts(app)
    assert "并入该案卷" not in [b.label for b in app.button]


def test_a_written_reply_stands_on_the_page_at_once(
    own_district: Engine, visitor: Visitor, pair: tuple[str, str]
) -> None:
    app = the_case(visitor(own_district, Role.ACCEPTOR, "case.py"), pair[0])
    next(box for box in app.text_area if box.label == "回复全部上报人").set_value("**周五**前清运")
    app = button(app.run(), "发送回复")
    assert not app.exception
    assert "**周五**前清运" in texts(app)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.CENTRE_LEADER])
def test_whoever_may_not_write_to_reporters_is_offered_no_reply(
    own_district: Engine, visitor: Visitor, pair: tuple[str, str], role: Role
) -> None:
    app = the_case(visitor(own_district, role, "case.py"), pair[0])
    assert not app.exception
    assert "发送回复" not in [b.label for b in app.button]
