"""The list of cases as a page: the address holds the filter, a refusal keeps what was typed."""

import io
import json
from collections.abc import Callable
from zipfile import ZipFile

import pandas as pd
import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.cases.desks.filters import filter_from
from gis.ui import case_files, case_filter, session
from gis.ui.words import DISTRICT_ZONE
from gis.wording import Wording

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


def made(district: Engine, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The three files of a filter, as the buttons make them for a manager."""
    visitor(district, Role.MANAGER)  # signs in
    monkeypatch.setattr(case_files, "session_token", session.session_token)
    monkeypatch.setattr(case_files, "wording", lambda: Wording("zh-CN", DISTRICT_ZONE))
    names = case_filter.Names({}, {}, {})
    wanted = filter_from({"show": "all", "state": "HANDLING"})
    return {form: case_files._maker(form, wanted, names)() for form in case_files._FORMS}


def test_files_hold_the_list_its_filter_and_time_and_leave_a_trace(
    own_district: Engine, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_district.begin() as conn:
        conn.execute(
            text("UPDATE cases SET description = '=HYPERLINK(1)' WHERE state = 'HANDLING'")
        )
        count = conn.execute(
            text("SELECT count(*) FROM cases WHERE state = 'HANDLING'")
        ).scalar_one()
    files = made(own_district, visitor, monkeypatch)
    table = pd.read_csv(io.BytesIO(files["csv"]))
    assert len(table) == count and set(table["状态"]) == {"处置中"}
    assert set(table["描述"]) == {"'=HYPERLINK(1)"}
    assert table["筛选与时间"].str.contains("状态: 处置中").all()
    with ZipFile(io.BytesIO(files["xlsx"])) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        rows = book.read("xl/worksheets/sheet1.xml").decode().count("<row ")
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert rows == count + 1 and "状态: 处置中" in strings
    features = json.loads(files["geojson"])
    assert len(features["features"]) == count
    assert "状态: 处置中" in features["title"] and features["created"]
    with own_district.connect() as conn:
        trail = conn.execute(
            text("SELECT data FROM audit_event WHERE subject_type = 'case_export' ORDER BY seq")
        ).scalars()
        assert [(one["form"], one["rows"]) for one in trail] == [
            ("csv", count), ("xlsx", count), ("geojson", count),
        ]  # fmt: skip
