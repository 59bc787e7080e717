"""The list of cases as a page: the address holds the filter, a refusal keeps what was typed."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.markdown)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def opened(app: AppTest, **params: str) -> AppTest:
    """The list with a filter in its address."""
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def numbers(app: AppTest) -> list[str]:
    return [str(n).split("number=")[1] for n in app.dataframe[0].value["number"]]


def one_of(engine: Engine, condition: str) -> str:
    with engine.connect() as conn:
        sql = f"SELECT number FROM cases WHERE {condition} ORDER BY id LIMIT 1"
        return str(conn.execute(text(sql)).scalar_one())


def test_the_address_brings_its_filter_back(district: Engine, visitor: Visitor) -> None:
    number = one_of(district, "NOT open")
    app = opened(visitor(district, Role.MANAGER, "cases.py"), q=number, show="all")
    assert not app.exception
    assert numbers(app) == [number]
    assert next(box for box in app.text_input if box.label == "搜索").value == number
    assert "范围\\: 全部" in texts(app)


def test_what_is_asked_goes_into_the_address(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.MANAGER, "cases.py")
    usual = numbers(app)
    next(box for box in app.multiselect if box.label == "状态").select("HANDLING")
    next(button for button in app.button if button.label == "查看这些案卷").click()
    app.run()
    assert not app.exception
    assert app.query_params["state"] == "HANDLING"
    assert set(numbers(app)) < set(usual)


def test_a_refused_filter_keeps_what_was_typed_and_what_was_shown(
    district: Engine, visitor: Visitor
) -> None:
    app = visitor(district, Role.MANAGER, "cases.py")
    usual = numbers(app)
    next(box for box in app.text_input if box.label == "搜索").set_value("井")
    next(button for button in app.button if button.label == "查看这些案卷").click()
    app.run()
    assert "至少 2 个字" in texts(app)
    assert next(box for box in app.text_input if box.label == "搜索").value == "井"
    assert numbers(app) == usual
    assert "q" not in app.query_params


@pytest.mark.parametrize("query", [{"state": "NONE"}, {"from": "x"}, {"area": "<b>"}])
def test_an_address_that_makes_no_sense_is_said_and_left_out(
    district: Engine, visitor: Visitor, query: dict[str, str]
) -> None:
    app = opened(visitor(district, Role.MANAGER, "cases.py"), **query)
    assert not app.exception
    assert "无法按此条件筛选列表" in texts(app)
    assert numbers(app)


def test_files_are_for_those_who_may_export(district: Engine, visitor: Visitor) -> None:
    assert len(visitor(district, Role.MANAGER, "cases.py").get("download_button")) == 3
    assert not visitor(district, Role.ACCEPTOR, "cases.py").get("download_button")
