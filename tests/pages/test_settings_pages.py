"""Settings and calendar on screen: shown with origin, changed, refused with the words kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.ui.words import today

Visitor = Callable[..., AppTest]


def _button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(b for b in app.button if label in b.label)


def test_every_setting_has_value_default_meaning_and_origin(
    district: Engine, visitor: Visitor
) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "settings.py")
    assert not app.exception
    shown = app.dataframe[0].value.set_index("key")
    assert shown.loc["yellow_percent", "meaning"] == "时限用去多少百分比后亮黄灯（1–99）"
    assert tuple(shown.loc["yellow_percent", ["value", "default", "origin"]]) == (
        "80", "80", "本系统建议",
    )  # fmt: skip
    with pytest.raises(ValueError, match="navigation"):  # not offered to a dispatcher
        visitor(district, Role.DISPATCHER, "settings.py")


def test_a_setting_is_changed_refused_and_remembered(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("yellow_percent").run()
    app.text_input(key="settings.value.yellow_percent").set_value("<b>200")
    _button(app, "保存").click()
    app.run()
    assert "不是 yellow_percent 的值" in app.error[0].value or "200" in app.error[0].value
    assert app.text_input(key="settings.value.yellow_percent").value == "<b>200"
    app.text_input(key="settings.value.yellow_percent").set_value("70")
    _button(app, "保存").click()
    app.run()
    assert not app.exception
    changes = app.dataframe[-1].value
    assert tuple(changes.iloc[0][["was", "now"]]) == ("80", "70")
    _button(app, "恢复默认值").click()
    app.run()
    assert tuple(app.dataframe[-1].value.iloc[0][["was", "now"]]) == ("70", "80")


def test_a_day_is_set_with_its_reason_and_given_back(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "work_calendar.py")
    assert not app.exception
    _button(app, "保存").click()
    app.run()
    assert "请写明原因" in app.error[0].value
    app.text_input(key="work_calendar.reason").set_value("<script>暴雨")
    _button(app, "保存").click()
    app.run()
    assert not app.exception
    with own_district.begin() as conn:
        stands = conn.execute(
            text("SELECT source FROM workday WHERE day = :day"), {"day": today()}
        ).scalar_one()
        assert stands == "OWN · <script>暴雨"
        assert conn.execute(text("SELECT count(*) FROM calendar_edit")).scalar_one() >= 1
    assert "本区设置，未注明文件 · <script>暴雨" in app.dataframe[-1].value.iloc[0]["now"]
    page = "".join(str(part.proto) for part in app.get("html"))
    assert "<script>暴雨" not in page
    _button(app, "恢复为公布的通知").click()
    app.run()
    assert not app.exception
    assert "国务院放假通知" in app.dataframe[-1].value.iloc[0]["now"]


def test_a_year_without_a_notice_says_so(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "work_calendar.py")
    app.segmented_control(key="work_calendar.year").set_value(today().year + 2).run()
    assert "放假通知尚未公布" in app.warning[0].value
