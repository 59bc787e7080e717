"""People and rosters on screen: found, added, refused with the form kept, gaps shown."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.accounts.roster import monday_of
from gis.ui.words import DISTRICT_ZONE

Visitor = Callable[..., AppTest]


def _button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(b for b in app.button if b.label == label)


def test_the_list_is_narrowed_by_role_and_words(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "people.py")
    everybody = len(app.dataframe[0].value)
    app.selectbox(key="people.role").set_value("supervisor").run()
    supervisors = app.dataframe[0].value
    assert 0 < len(supervisors) < everybody
    assert all(any("监督员" in post for post in posts) for posts in supervisors["posts"])
    app.text_input(key="people.words").set_value("没有这个人").run()
    assert not app.dataframe
    assert "没有符合条件的人员" in app.info[0].value


def test_a_person_is_added_and_the_next_step_is_said(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "people.py")
    app.text_input(key="people.new.name").set_value("欧阳新")
    app.text_input(key="people.new.login").set_value("ouyang.xin")
    _button(app, "新增此人员").click()
    app.run()
    assert not app.exception
    assert "已新增 欧阳新" in app.toast[0].value
    with own_district.begin() as conn:
        row = conn.execute(text("SELECT name, demo FROM person WHERE login = 'ouyang.xin'")).one()
    assert tuple(row) == ("欧阳新", True)


def test_a_refusal_names_every_fault_and_keeps_the_form(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "people.py")
    app.text_input(key="people.new.name").set_value("<img onerror=alert(1)>")
    app.text_input(key="people.new.login").set_value("X")
    app.text_input(key="people.new.phone").set_value("abc")
    _button(app, "新增此人员").click()
    app.run()
    assert "登录名为 3 至 40 位" in app.error[0].value
    assert "电话号码" in app.error[0].value
    assert app.text_input(key="people.new.name").value == "<img onerror=alert(1)>"
    assert app.text_input(key="people.new.login").value == "X"


def test_readers_get_no_forms(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.MANAGER, "people.py")
    assert app.dataframe
    assert "新增此人员" not in [b.label for b in app.button]


def test_departments_are_listed_with_their_people(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "people.py")
    app.segmented_control(key="people.part").set_value("departments").run()
    table = app.dataframe[0].value
    assert {"code", "name", "kind", "people"} <= set(table.columns)
    assert table["people"].sum() > 0


def test_the_roster_shows_the_week_and_where_nobody_is(
    own_district: Engine, visitor: Visitor
) -> None:
    from datetime import datetime

    today = datetime.now(DISTRICT_ZONE).date()
    with own_district.begin() as conn:
        conn.execute(text("DELETE FROM duty WHERE day = :d"), {"d": today})
    app = visitor(own_district, Role.SHIFT_LEADER, "roster.py")
    assert not app.exception
    assert "班次无人当班" in app.warning[0].value
    coverage = app.dataframe[0].value
    assert set(coverage[today.isoformat()]) == {"无人当班"}
    assert len(coverage.columns) == 8


def test_another_week_is_one_click_away(district: Engine, visitor: Visitor) -> None:
    from datetime import datetime

    monday = monday_of(datetime.now(DISTRICT_ZONE).date())
    app = visitor(district, Role.SHIFT_LEADER, "roster.py")
    app.button(key="roster.next").click().run()
    assert (monday + timedelta(days=7)).isoformat() in app.dataframe[0].value.columns


def test_a_district_without_shifts_offers_to_make_one(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        conn.execute(text("DELETE FROM duty"))
        conn.execute(text("DELETE FROM shift"))
    app = visitor(own_district, Role.SHIFT_LEADER, "roster.py")
    assert "尚未" in app.info[0].value
    app.text_input(key="shift.new.name_zh").set_value("白班")
    app.text_input(key="shift.new.name_en").set_value("Day")
    app.text_input(key="shift.new.code").set_value("day")
    _button(app, "新增此班次").click()
    app.run()
    assert not app.exception and not app.error
    assert any("白班 08:00" in row for row in app.dataframe[0].value["shift"])
