"""The call desk on screen: one call from number to case, refusals, standing, call-backs, looks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.cases.callers.keeping import key_file
from gis.config import CHECKOUT
from gis.runtime import close_runtime

Visitor = Callable[..., AppTest]
PHONE = "13812341234"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with keys of the test's own."""
    monkeypatch.setenv("WANMI_HOME", str(tmp_path))
    close_runtime()
    return tmp_path


def _button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


def _shown(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.text, *app.get("html")]
    parts = [str(getattr(e, "value", None) or getattr(e.proto, "body", "")) for e in elements]
    return "\n".join(parts)


def _choose_place(app: AppTest, engine: Engine, turn: int = 1) -> None:
    """A unit grid by its code: always there, whatever was generated."""
    with engine.begin() as conn:
        code = conn.execute(text("SELECT min(code) FROM grid_cell")).scalar_one()
    app.text_input(key=f"call.{turn}.address").set_value(code).run()
    app.button(key=f"call.{turn}.hit.1").click().run()


def _fill(app: AppTest, engine: Engine, turn: int = 1, words: str = "垃圾堆放") -> None:
    app.text_input(key=f"call.{turn}.phone").set_value("138 1234 1234")
    app.text_input(key=f"call.{turn}.name").set_value("张建国")
    app.run()
    _choose_place(app, engine, turn)
    box = app.selectbox(key=f"call.{turn}.class")
    box.set_value(next(o for o in box.options if o.startswith("暴露垃圾")))
    app.text_area(key=f"call.{turn}.text").set_value(words)
    app.run()


def _cases(engine: Engine) -> list[Any]:
    with engine.begin() as conn:
        return list(
            conn.execute(
                text(
                    "SELECT c.number, c.description, c.source FROM caller_call k"
                    " JOIN cases c ON c.id = k.case_id ORDER BY k.id"
                )
            )
        )


def test_a_call_becomes_a_case_whose_number_is_read_out(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    assert not app.exception
    _fill(app, own_district)
    _button(app, "登记为新案卷").click().run()
    assert not app.exception and not app.error
    (case,) = _cases(own_district)
    assert (case.description, case.source) == ("垃圾堆放", "call_desk")
    assert case.number.replace("-", " ") in _shown(app)
    _button(app, "下一个来电").click().run()
    assert app.text_input(key="call.2.phone").value == ""
    app.text_input(key="call.2.phone").set_value(PHONE).run()
    assert "138****1234" in _shown(app).replace("\\*", "*")
    assert "张建国" not in _shown(app)


def test_a_refusal_keeps_everything_typed_and_saves_nothing(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    app.text_area(key="call.1.text").set_value("垃圾").run()
    _button(app, "登记为新案卷").click().run()
    assert "请从列表中选择类别" in app.error[0].value
    _fill(app, own_district, words="请回 138-1234-1234")
    _button(app, "登记为新案卷").click().run()
    assert "来电号码" in app.error[0].value
    assert app.text_input(key="call.1.phone").value == "138 1234 1234"
    assert app.text_area(key="call.1.text").value == "请回 138-1234-1234"
    assert app.selectbox(key="call.1.class").value is not None
    assert _cases(own_district) == []
    app.text_area(key="call.1.text").set_value("垃圾").run()
    _button(app, "登记为新案卷").click().run()
    assert len(_cases(own_district)) == 1


def test_a_second_caller_joins_the_case_that_is_there(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    _fill(app, own_district)
    _button(app, "登记为新案卷").click().run()
    (first,) = _cases(own_district)
    _button(app, "下一个来电").click().run()
    _choose_place(app, own_district, 2)
    box = app.selectbox(key="call.2.class")
    box.set_value(next(o for o in box.options if o.startswith("暴露垃圾"))).run()
    app.button(key=f"call.2.join.{first.number}").click().run()
    assert "电话号码" in app.error[0].value, "nobody has said who rings"
    app.text_input(key="call.2.phone").set_value("13900000000").run()
    app.button(key=f"call.2.join.{first.number}").click().run()
    assert not app.error
    assert [row.number for row in _cases(own_district)] == [first.number, first.number]


def test_a_citizen_is_told_how_the_case_stands_by_number_and_by_telephone(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    _fill(app, own_district)
    _button(app, "登记为新案卷").click().run()
    (case,) = _cases(own_district)
    app.segmented_control(key="call.pane").set_value("standing").run()
    app.text_input(key="call.lookup").set_value(case.number.replace("-", " ")).run()
    assert "第 1 阶段" in _shown(app) and "受理员将审核" in _shown(app)
    app.text_input(key="call.lookup").set_value(PHONE).run()
    app.button(key=f"call.lookup.known.{case.number}.ask").click().run()
    assert not app.exception and "受理员将审核" in _shown(app)
    with own_district.begin() as conn:
        kinds = conn.execute(text("SELECT kind FROM caller_call ORDER BY id")).scalars().all()
    assert kinds == ["reported", "asked"]


def _closed_call(engine: Engine, app: AppTest) -> str:
    _fill(app, engine)
    _button(app, "登记为新案卷").click().run()
    (case,) = _cases(engine)
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE cases SET state = 'CLOSED', open = false, closed_at = :at"
                " WHERE number = :number"
            ),
            {"at": datetime.now(UTC) - timedelta(days=2), "number": case.number},
        )
    return str(case.number)


def test_a_call_back_shows_the_number_for_a_reason_and_keeps_the_answer(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    number = _closed_call(own_district, app)
    app.segmented_control(key="call.pane").set_value("back").run()
    assert PHONE not in _shown(app)
    _button(app, "查看号码").click().run()
    assert PHONE in _shown(app)
    with own_district.begin() as conn:
        reason = conn.execute(
            text("SELECT data ->> 'reason' FROM audit_event WHERE action = 'revealed'")
        ).scalar_one()
    assert reason == f"回访案卷 {number}"
    stem = next(b.key for b in app.segmented_control if str(b.key).endswith(".reached"))
    app.segmented_control(key=stem).set_value(True).run()
    _button(app, "登记答复").click().run()
    assert "请填写来电人对结果的评价" in app.error[0].value
    app.segmented_control(key=stem.replace("reached", "satisfied")).set_value("yes").run()
    _button(app, "登记答复").click().run()
    assert not app.exception and not app.error
    assert "没有待回访" in app.success[0].value
    with own_district.begin() as conn:
        kept = conn.execute(text("SELECT reached, satisfied FROM call_back")).one()
    assert tuple(kept) == (True, "yes")
    looks = visitor(own_district, Role.AUDITOR, "reveals.py")
    assert list(looks.dataframe[0].value["reveals"]) == [1]
    assert PHONE not in looks.dataframe[0].value.to_csv()


def test_the_page_of_a_case_shows_its_caller_masked_and_only_to_those_who_may(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    number = _closed_call(own_district, app)
    for role, sees in ((Role.SHIFT_LEADER, True), (Role.DISPATCHER, False)):
        page = visitor(own_district, role)
        page.query_params["number"] = number
        page.switch_page(str(CHECKOUT / "pages" / "case.py")).run()
        assert not page.exception
        assert ("138****1234" in _shown(page).replace("\\*", "*")) is sees
        assert PHONE not in _shown(page)


def test_lost_keys_are_said_and_the_desk_waits(
    own_district: Engine, visitor: Visitor, own_keys: Path
) -> None:
    app = visitor(own_district, Role.ACCEPTOR, "call_desk.py")
    _closed_call(own_district, app)
    key_file(own_keys).unlink()
    app.run()
    assert "密钥文件" in app.error[0].value
    assert not key_file(own_keys).exists()


def test_the_desk_is_for_those_who_take_calls(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, Role.DISPATCHER)
    assert "热线受理" not in _shown(app)
