"""Dispatch rules on screen: tried, put in force, refused with the table kept, explained."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import SYSTEM, Role
from gis.dispatch.rule_commands import replace_rules, rules_in_force
from gis.dispatch.rule_drafts import RuleDraft
from gis.ui.dispatch_rules.editor import Held, shown_columns
from gis.ui.words import today
from tests.factories import NOW

Visitor = Callable[..., AppTest]
PLACE = "SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p" \
        " FROM grid_cell WHERE valid_to IS NULL ORDER BY code LIMIT 1) one"  # fmt: skip


def _button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


def mended(engine: Engine) -> Engine:
    """The district without the demo's faulty rules, which every trial of a table names."""
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE dispatch_rule SET valid_to = '2020-01-01' WHERE NOT EXISTS"
                " (SELECT FROM area a WHERE a.code = area_code) OR department_id IN"
                " (SELECT id FROM department WHERE valid_to IS NOT NULL)"
            )
        )
    return engine


def opened(engine: Engine, visitor: Visitor, part: str = "table", **more: Any) -> AppTest:
    app = visitor(engine, Role.CENTRE_LEADER, "rules.py", **more)
    if part != "table":
        app.segmented_control(key="rules.part").set_value(part).run()
    assert not app.exception
    return app


def in_force(engine: Engine) -> list[RuleDraft]:
    with engine.begin() as conn:
        return rules_in_force(conn, actor=SYSTEM, today=today())


def type_in(app: AppTest, rows: tuple[RuleDraft, ...]) -> AppTest:
    """As an upload fills the table: the test runner cannot type into one."""
    held: Held = app.session_state["rules.held"]
    app.session_state["rules.held"] = replace(held, rows=rows, turn=held.turn + 1)
    return app.run()


def tried_with_sanitation_for_all(app: AppTest) -> tuple[RuleDraft, ...]:
    held: Held = app.session_state["rules.held"]
    first = held.rows[0].department_code
    rows = tuple(replace(row, department_code=first, assistants="") for row in held.rows)
    rows = tuple({(r.area_code, r.kind, r.class_code): r for r in rows}.values())
    type_in(app, rows)
    app.number_input(key="rules.last").set_value(500)
    _button(app, "试算").click().run()
    assert not app.exception
    return rows


def test_a_table_is_tried_before_it_can_be_put_in_force(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(mended(own_district), visitor)
    before = in_force(own_district)
    assert len(app.session_state["rules.held"].rows) == len(before) > 10
    assert _button(app, "生效").disabled
    rows = tried_with_sanitation_for_all(app)
    assert "将派往其他部门" in app.info[0].value
    assert in_force(own_district) == before, "a trial writes nothing"
    assert not _button(app, "生效").disabled
    _button(app, "生效").click().run()
    assert not app.exception and "已生效" in app.toast[0].value
    assert {row.department_code for row in in_force(own_district)} == {rows[0].department_code}
    app.segmented_control(key="rules.part").set_value("changes").run()
    assert "第 1 版" in app.expander[0].label


def test_a_trial_of_a_wrong_table_names_rows_and_keeps_what_was_typed(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(mended(own_district), visitor)
    rows = app.session_state["rules.held"].rows
    wrong = (rows[0], replace(rows[1], class_code="99", hours="noon"), *rows[2:])
    type_in(app, wrong)
    _button(app, "试算").click().run()
    assert "未作任何更改" in app.error[0].value
    faults = app.dataframe[-1].value
    assert set(faults["row"]) == {"2"} and len(faults) == 2
    assert app.session_state["rules.held"].rows == wrong
    assert _button(app, "生效").disabled
    for part in ("whole", "table"):
        app.segmented_control(key="rules.part").set_value(part).run()
    assert app.session_state["rules.held"].rows == wrong, "a look elsewhere loses nothing"


def test_somebody_who_was_faster_is_named_and_the_table_stays(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(mended(own_district), visitor, locale="en")
    held: Held = app.session_state["rules.held"]
    with own_district.begin() as conn:
        fewer = in_force(own_district)[1:]
        replace_rules(conn, actor=SYSTEM, drafts=fewer, today=today(), now=NOW)
    type_in(app, held.rows[:-1])
    _button(app, "Try the table").click().run()
    _button(app, "Put in force").click().run()
    assert "while you were editing" in app.error[0].value
    assert app.session_state["rules.held"].rows == held.rows[:-1]
    assert in_force(own_district) == fewer


def test_a_faulty_rule_is_an_error_on_the_page_and_in_the_explanation(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        conn.execute(
            text(
                "UPDATE department SET valid_to = '2026-01-01' WHERE id ="
                " (SELECT department_id FROM dispatch_rule WHERE kind = 'event'"
                " AND '0110' ^@ class_code ORDER BY length(class_code) DESC, id LIMIT 1)"
            )
        )
        lon, lat = conn.execute(text(PLACE)).one()
    app = opened(own_district, visitor, "whole")
    assert int(app.metric[0].value.replace(",", "")) > 0
    assert "主办部门当日已不存在" in app.dataframe[0].value["fault"].iloc[0]
    app.segmented_control(key="rules.part").set_value("why").run()
    app.text_input(key="rules.why.at").set_value(f"{lon},{lat}")
    app.selectbox(key="rules.why.class").set_value("event:0110")
    _button(app, "派遣解释").click().run()
    assert not app.exception
    assert "该规则有误" in app.error[0].value
    assert app.dataframe[0].value["result"].iloc[0] == "命中"
    app.text_input(key="rules.why.at").set_value("here")
    _button(app, "派遣解释").click().run()
    assert "请写经度和纬度" in app.error[0].value
    assert app.text_input(key="rules.why.at").value == "here"


def test_a_class_is_set_to_be_dispatched_by_the_product(
    own_district: Engine, visitor: Visitor
) -> None:
    app = opened(own_district, visitor, "automatic")
    app.selectbox(key="rules.automatic.class").set_value("event:01")
    _button(app, "设置").click().run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 1
    with own_district.begin() as conn:
        row = conn.execute(text("SELECT kind, class_code, automatic FROM dispatch_automatic"))
        assert tuple(row.one()) == ("event", "01", True)


def test_the_post_is_asked_for_only_where_a_row_names_another_one() -> None:
    row = RuleDraft("110101", "event", "01", "SAN")
    for post, shown in (("", False), ("handler", False), ("dispatcher", True)):
        held = Held(1, (row, replace(row, post=post)), 0)
        assert ("post" in shown_columns(held)) is shown


def test_a_dispatcher_reads_why_and_cannot_open_the_rules(
    district: Engine, visitor: Visitor
) -> None:
    with district.begin() as conn:
        waiting = text("SELECT number FROM cases WHERE state = 'PENDING_DISPATCH' ORDER BY id")
        number = conn.scalars(waiting).first()
    app = visitor(district, Role.DISPATCHER, "case.py")
    app.query_params["number"] = str(number)
    app.run()
    assert not app.exception
    assert "为何派往该部门" in [one.label for one in app.expander]
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        visitor(district, Role.DISPATCHER, "rules.py")
