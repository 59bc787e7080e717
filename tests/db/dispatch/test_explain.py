"""Why a case goes where it goes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from gis.dispatch.explain import Explanation, explain_at
from gis.dispatch.model import Flaw, Misfit, Step
from gis.dispatch.queries import propose
from gis.dispatch.screen import ORDER, considered_rows, explain_lines
from gis.errors import Invalid
from gis.jobs.dispatch_cli import read_moment, read_point
from gis.standards.model import Kind
from tests import factories as make


def why(conn: Connection, **more: object) -> Explanation:
    lon, lat = make.middle()
    parts = {"lon": lon, "lat": lat, "class_code": "0110", "kind": Kind.EVENT, "at": make.NOW}
    (found,) = explain_at(conn, **{**parts, **more})  # type: ignore[arg-type]
    return found


def test_every_rule_that_was_looked_at_says_what_became_of_it(conn: Connection) -> None:
    make.make_cell(conn)
    helper = make.make_department(conn)
    rules = {
        "street": {"area_code": make.STREET, "owner": "王晓"},
        "class": {"class_code": "0110"},
        "everywhere": {},
        "condition": {"area_code": make.STREET, "condition_no": 2},
        "weekend": {"area_code": make.STREET, "weekdays": [6, 7]},
        "tomorrow": {"area_code": make.STREET, "valid_from": make.TODAY + timedelta(days=1)},
        "ended": {"valid_to": make.TODAY},
        "elsewhere": {"area_code": "110102"},
        "other class": {"class_code": "02"},
        "component": {"kind": "component"},
    }
    ids = {name: make.make_dispatch_rule(conn, **rule) for name, rule in rules.items()}
    conn.execute(
        text("INSERT INTO dispatch_rule_assistant VALUES (:r, :d, 1)"),
        {"r": ids["street"], "d": helper},
    )
    found = why(conn)
    assert found.fired is not None and found.fired.rule.id == ids["street"]
    assert [d.id for d in found.assistants] == [helper]
    assert [(x.rule.id, x.lost_at) for x in found.lost] == [
        (ids["class"], Step.AREA), (ids["everywhere"], Step.AREA),
    ]  # fmt: skip
    assert {x.rule.id: x.misfit for x in found.silent} == {
        ids["condition"]: Misfit.CONDITION, ids["weekend"]: Misfit.HOURS,
        ids["tomorrow"]: Misfit.NOT_YET, ids["ended"]: Misfit.ENDED,
    }  # fmt: skip
    assert found.elsewhere == {Misfit.AREA: 1, Misfit.CLASS: 1}
    rows = considered_rows(found, "zh-CN")
    assert [row["result"] for row in rows] == ["命中", "落选", "落选", *["不适用"] * 4]
    assert rows[0]["owner"] == "王晓" and rows[0]["post"] == "专业部门处置人员"
    for locale, word in (("en", "fired"), ("zh-CN", "命中")):
        said = "\n".join(explain_lines(found, locale))
        assert f"{word} #{ids['street']}" in said and f"#{ids['weekend']}" in said


def test_condition_and_hour_are_part_of_the_question(conn: Connection) -> None:
    make.make_cell(conn)
    make.make_dispatch_rule(conn)
    second = make.make_dispatch_rule(conn, condition_no=2, class_code="0110")
    weekend = make.make_dispatch_rule(conn, weekdays=[6, 7], class_code="0110")
    by_condition = why(conn, condition_no=2).fired
    assert by_condition is not None and by_condition.rule.id == second
    saturday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    by_day = why(conn, at=saturday).fired
    assert by_day is not None and by_day.rule.id == weekend, "00:00 of Saturday in the district"
    asked = why(conn, at=saturday).asked
    proposal = propose(conn, asked)
    assert proposal is not None and proposal.rule.id == weekend


def test_nobody_is_proposed_without_a_rule_or_by_a_faulty_one(conn: Connection) -> None:
    make.make_cell(conn)
    assert why(conn).fired is None
    assert "没有建议部门。" in explain_lines(why(conn), "zh-CN")
    gone = make.make_department(conn, valid_to=date(2026, 1, 1))
    make.make_dispatch_rule(conn, department_id=gone)
    found = why(conn)
    assert found.fired is not None and found.fired.rule.flaws == (Flaw.DEPARTMENT_ENDED,)
    lines = explain_lines(found, "en")
    assert "Nobody is proposed." in lines and "faulty" in found.reason.en


def test_a_code_of_both_kinds_is_explained_for_both(conn: Connection) -> None:
    make.make_cell(conn)
    lon, lat = make.middle()
    found = explain_at(conn, lon=lon, lat=lat, class_code="0101", at=make.NOW)
    assert [one.asked.kind for one in found] == [Kind.COMPONENT, Kind.EVENT]


@pytest.mark.parametrize("wrong", [{"lon": 0.0, "lat": 0.0}, {"class_code": "ghost"}])
def test_a_question_about_nothing_is_refused(conn: Connection, wrong: dict[str, object]) -> None:
    make.make_cell(conn)
    with pytest.raises(Invalid):
        why(conn, **wrong)


@pytest.mark.parametrize("words", ["", "116.4", "a,b", "1,2,3", "181,0", "0,91", "nan,1"])
def test_no_place_on_the_command_line(words: str) -> None:
    with pytest.raises(Invalid, match="longitude"):
        read_point(words)


def test_a_time_without_a_zone_is_the_districts() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert read_moment("2026-11-18T10:30", zone) == make.NOW
    assert read_moment("2026-11-18T02:30+00:00", zone) == make.NOW
    with pytest.raises(Invalid, match="2026-11-22T18:00"):
        read_moment("noon", zone)


def test_the_order_is_written_with_a_line_for_each_step() -> None:
    assert len(ORDER) == len(Step)
