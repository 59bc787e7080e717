"""Reasons from a list, conditions that were ticked, answers, supervision: kept and shown."""

import pytest
from sqlalchemy import Connection, text

from gis.cases.model import Move, State
from gis.cases.queries import history
from gis.cases.screen import timeline
from gis.dispatch.offers import offers
from gis.errors import Invalid
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, condition, move, report, step, supervisor_of

NOW = make.NOW


def facts(conn: Connection, cast: Cast, number: str) -> dict[str, object]:
    """What the last step of the time line says besides its note."""
    case = case_of(conn, cast, number)
    last = timeline(history(conn, case.id, scope=cast.leader.scope))[-1]
    return {label.zh: getattr(value, "zh", value) for label, value in last.facts}


def test_a_reason_from_the_list_needs_no_words_and_is_shown_in_words(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    move(
        conn, cast.handler, number, Move.ASK_RETURN, reason_code="not_our_duty",
        evidence=[make.make_file(conn)],
    )  # fmt: skip
    assert facts(conn, cast, number)["原因"] == "不属于本部门职责"


def test_another_reason_needs_words_and_words_alone_count_as_another_reason(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    sha = make.make_file(conn)
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.ASK_RETURN, reason_code="other", evidence=[sha])
    assert [f.field for f in caught.value.faults] == ["reason"]
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.ASK_RETURN, reason_code="weather", evidence=[sha])
    assert [f.field for f in caught.value.faults] == ["reason_code"]
    move(conn, cast.handler, number, Move.ASK_RETURN, reason="另有原因", evidence=[sha])
    assert facts(conn, cast, number)["原因"] == "其他（请说明）"


def test_the_conditions_that_were_ticked_are_kept_with_their_words(
    conn: Connection, cast: Cast
) -> None:
    number = report(conn, cast.supervisor)
    no = condition(conn)
    move(conn, cast.acceptor, number, Move.REGISTER, checks=[no])
    shown = facts(conn, cast, number)["已核对的条件"]
    assert isinstance(shown, str) and (shown.startswith("✓") or "未勾选" in shown)
    steps = history(conn, case_of(conn, cast, number).id, scope=cast.leader.scope)
    kept = {check["no"]: check for check in steps[-1].data["checks"]}
    assert kept[no]["ticked"] and kept[no]["zh"] and kept[no]["en"] and kept[no]["scope"]
    number = report(conn, cast.supervisor)
    with pytest.raises(Invalid) as caught:
        move(conn, cast.acceptor, number, Move.REGISTER, checks=[99])
    assert [f.field for f in caught.value.faults] == ["checks"]


def test_the_checker_sees_the_closing_condition_of_the_condition_it_was_filed_under(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    case = case_of(conn, cast, number)
    sent = supervisor_of(conn, cast, number)
    found = {o.row.move: o for o in offers(conn, actor=sent, case=case, now=NOW)}
    [item] = found[Move.CHECK_PASSED].checklist
    assert item.condition_no == case.condition_no
    assert "本系统拟写" in item.origin.zh and item.edition
    assert found[Move.CHECK_FAILED].checklist == (item,)
    move(
        conn, sent, number, Move.CHECK_PASSED, photo=[make.make_file(conn)],
        checks=[item.condition_no],
    )  # fmt: skip
    assert str(facts(conn, cast, number)["已核对的条件"]).startswith("✓")


def test_the_acceptor_answers_the_questions_of_the_class(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    case = case_of(conn, cast, number)
    offered = {o.row.move: o for o in offers(conn, actor=cast.acceptor, case=case, now=NOW)}
    assert [q.id for q in offered[Move.REGISTER].questions] == ["volume_m3", "kind_of_waste"]
    with pytest.raises(Invalid):
        move(conn, cast.acceptor, number, Move.REGISTER, answers={"hole": True})
    move(conn, cast.acceptor, number, Move.REGISTER, answers={"volume_m3": 3})
    assert facts(conn, cast, number)["目测体积（立方米）"] == "3 m³"


def test_supervision_is_a_record_with_a_notice_each_time(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    for _ in range(2):
        step(conn, cast, number, Move.SUPERVISE, "centre", NOW)
    rows = conn.execute(
        text(
            "SELECT kind, level, role, department_id FROM case_notice"
            " WHERE kind = 'supervision' ORDER BY level"
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        ("supervision", 1, "handler", cast.department),
        ("supervision", 2, "handler", cast.department),
    ]


def test_a_case_that_comes_before_the_arbiter_is_noticed(conn: Connection, cast: Cast) -> None:
    bring_to(conn, cast, State.ARBITRATION)
    [(kind, role)] = conn.execute(
        text("SELECT kind, role FROM case_notice WHERE kind = 'return_loop'")
    ).all()
    assert (kind, role) == ("return_loop", "arbiter")
