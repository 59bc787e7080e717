"""Settings and calendar on screen: shown with origin, changed, refused with the words kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import SYSTEM, Role
from gis.cases.district_settings import change_setting
from gis.cases.setting_words import WORDS
from gis.ui.words import today
from tests.factories import NOW

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


def test_a_setting_is_changed_and_given_back(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("yellow_percent").run()
    field = app.number_input(key="settings.value.yellow_percent")
    assert (field.min, field.max, field.value) == (1, 99, 80)
    field.set_value(70)
    _button(app, "保存").click()
    app.run()
    assert not app.exception
    assert tuple(app.dataframe[-1].value.iloc[0][["was", "now"]]) == ("80", "70")
    _button(app, "恢复默认值").click()
    app.run()
    assert tuple(app.dataframe[-1].value.iloc[0][["was", "now"]]) == ("70", "80")
    assert app.number_input(key="settings.value.yellow_percent").value == 80


def test_what_is_refused_stays_as_it_was_entered(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("overdue_levels").run()
    twice = ["red:handler", "red:dispatcher"]  # two posts for one moment
    app.multiselect(key="settings.value.overdue_levels").set_value(twice)
    _button(app, "保存").click()
    app.run()
    assert "每个时点只通知一个岗位" in "".join(caption.value for caption in app.caption)
    assert "不能作为" in app.error[0].value
    assert app.multiselect(key="settings.value.overdue_levels").value == twice


def test_what_a_colleague_set_meanwhile_is_told_and_what_was_entered_stays(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("yellow_percent").run()
    field = "settings.value.yellow_percent"
    app.number_input(key=field).set_value(70)
    with own_district.begin() as conn:
        change_setting(conn, actor=SYSTEM, key="yellow_percent", words="60", now=NOW)
    _button(app, "保存").click()
    app.run()
    assert "设为 60" in app.error[0].value
    assert app.number_input(key=field).value == 70
    _button(app, "保存").click()
    app.run()
    assert not app.exception and not app.error
    assert tuple(app.dataframe[-1].value.iloc[0][["was", "now"]]) == ("60", "70")


def test_codes_are_chosen_by_name_and_times_entered_as_times(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("clock_starts").run()
    choice = app.selectbox(key="settings.value.clock_starts")
    assert choice.options == ["立案时", "派遣时"]
    choice.set_value("dispatch")
    _button(app, "保存").click()
    app.run()
    app.selectbox(key="settings.key").set_value("worktime.sessions").run()
    app.text_input(key="settings.value.worktime.sessions.1.until").set_value("17：30")
    _button(app, "保存").click()
    app.run()
    assert not app.exception
    now = app.dataframe[-1].value["now"].tolist()
    assert now[:2] == ["08:00-12:00, 14:00-17:30", "派遣时"]
    app.segmented_control(key="settings.section").set_value("stages").run()
    app.selectbox(key="settings.key").set_value("stage_limit_check").run()
    app.number_input(key="settings.value.stage_limit_check.number").set_value(2.0)
    app.selectbox(key="settings.value.stage_limit_check.unit").set_value("working_hour")
    _button(app, "保存").click()
    app.run()
    assert app.dataframe[-1].value["now"].iloc[0] == "2 工作时"


def _set(app: AppTest, key: str, words: str) -> str:
    """Enter a text and save; answers what the newest change made of the setting."""
    app.text_input(key=f"settings.value.{key}").set_value(words)
    _button(app, "保存").click()
    app.run()
    assert not app.exception
    return str(app.dataframe[-1].value["now"].iloc[0])


def test_sessions_are_taken_out_added_and_end_at_midnight(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("worktime.sessions").run()
    app.text_input(key="settings.value.worktime.sessions.1.from").set_value("")
    assert _set(app, "worktime.sessions.1.until", "") == "08:00-12:00"
    assert len(app.text_input) == 4  # one line, and an empty one
    app.text_input(key="settings.value.worktime.sessions.1.from").set_value("14:00")
    assert _set(app, "worktime.sessions.1.until", "24:00") == "08:00-12:00, 14:00-24:00"
    assert _set(app, "worktime.sessions.0.from", "8:00") == "8:00-12:00, 14:00-24:00"
    assert app.text_input(key="settings.value.worktime.sessions.0.from").value == "8:00"
    _button(app, "恢复默认值").click()
    app.run()
    assert app.dataframe[-1].value["now"].iloc[0] == "08:00-12:00, 14:00-18:00"


def test_a_session_without_its_end_is_refused_and_stays(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.selectbox(key="settings.key").set_value("worktime.sessions").run()
    field = "settings.value.worktime.sessions.2.from"
    app.text_input(key=field).set_value("20:00")
    _button(app, "保存").click()
    app.run()
    assert "不能作为" in app.error[0].value
    assert app.text_input(key=field).value == "20:00"


def test_a_limit_shorter_than_a_step_has_its_field(own_district: Engine, visitor: Visitor) -> None:
    with own_district.begin() as conn:
        change_setting(
            conn, actor=SYSTEM, key="stage_limit_check", words="0.1 urgent_hour", now=NOW
        )
    app = visitor(own_district, Role.ADMINISTRATOR, "settings.py")
    app.segmented_control(key="settings.section").set_value("stages").run()
    app.selectbox(key="settings.key").set_value("stage_limit_check").run()
    assert not app.exception
    assert app.number_input(key="settings.value.stage_limit_check.number").value == 0.1


@pytest.mark.parametrize("section", ["district", "intake", "photos", "signing_in"])
def test_every_section_has_fields_for_its_settings(
    district: Engine, visitor: Visitor, section: str
) -> None:
    app = visitor(district, Role.ADMINISTRATOR, "settings.py")
    app.segmented_control(key="settings.section").set_value(section).run()
    for key in [k for k, row in WORDS.items() if row.section == section]:
        app.selectbox(key="settings.key").set_value(key).run()
        assert not app.exception, key
        assert f"settings.value.{key}" in app.session_state, key


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
