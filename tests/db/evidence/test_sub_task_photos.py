"""Photos that come with a sub-task are compared like all others, and no picture does twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor
from gis.cases.evidence.audit import Flagged, findings_of_case
from gis.cases.evidence.checks import REASON, doubts
from gis.cases.evidence.model import FindingKind
from gis.cases.evidence.sub_tasks import doubts_of_report
from gis.cases.model import Move, State
from gis.cases.tasks.commands import Given, give_task, step_task
from gis.cases.tasks.model import TaskState, TaskStep
from gis.errors import Invalid, Refused
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, make_cast
from tests.db.evidence.test_photo_checks import photo

LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def taken(conn: Connection, cast: Cast, number: str) -> Given:
    """A sub-task that the other department works on."""
    given = give_task(
        conn, actor=cast.handler, number=number, department_id=cast.other_department,
        now=make.NOW, today=make.TODAY,
    )  # fmt: skip
    return step_task(
        conn, actor=cast.other_handler, number=number, task_id=given.id, step=TaskStep.TAKE_UP,
        expected_version=given.version, now=make.NOW,
    )  # fmt: skip


def report(
    conn: Connection, who: Actor, number: str, task: Given, *photos: str, **more: Any
) -> Given:
    return step_task(
        conn, actor=who, number=number, task_id=task.id, step=TaskStep.REPORT,
        expected_version=task.version, words="已运走", photos=photos, now=LATER, **more,
    )  # fmt: skip


def found(conn: Connection, cast: Cast, number: str) -> list[Flagged]:
    case = case_of(conn, cast, number)
    every = findings_of_case(conn, case.id, scope=cast.auditor.scope)
    return [one for one in every if one.task_id is not None]


def test_a_photo_from_far_and_before_the_request_asks_why_and_is_flagged_once(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = taken(conn, cast, number)
    who = cast.other_handler
    early = make.NOW - timedelta(hours=3)
    sha = photo(conn, who, tmp_path, 1, east_m=900.0, taken_at=early)
    said = doubts_of_report(
        conn, actor=who, number=number, task_id=task.id, photos=[sha], now=LATER
    )
    assert [one.photo_no for one in said] == [1, 1]
    with pytest.raises(Invalid) as caught:
        report(conn, who, number, task, sha)
    assert [fault.field for fault in caught.value.faults] == [REASON, REASON]
    assert "m from the case" in caught.value.faults[0].text("en")
    done = report(conn, who, number, task, sha, reason_evidence="在车场拍的")
    assert done.state is TaskState.DONE
    flagged = found(conn, cast, number)
    assert {one.kind for one in flagged} == {FindingKind.FAR, FindingKind.OLD}
    assert all(one.flagged and one.said == "在车场拍的" for one in flagged)
    assert {(one.person, one.step.en) for one in flagged} == {(who.name, "Report done")}
    told = conn.execute(text("SELECT kind, about FROM case_notice")).all()
    assert [tuple(row) for row in told] == [("evidence_flag", f"task {task.id}")]


def test_a_good_photo_is_taken_without_a_word(conn: Connection, cast: Cast, tmp_path: Path) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = taken(conn, cast, number)
    sha = photo(conn, cast.other_handler, tmp_path, 2)
    report(conn, cast.other_handler, number, task, sha)
    assert found(conn, cast, number) == []


def test_a_picture_of_a_sub_task_does_for_no_other_sub_task_and_no_step(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    first, second = (bring_to(conn, cast, State.HANDLING) for _ in range(2))
    who = cast.other_handler
    sha = photo(conn, who, tmp_path, 3)
    report(conn, who, first, taken(conn, cast, first), sha)
    again = taken(conn, cast, second)
    with pytest.raises(Invalid) as caught:
        report(conn, who, second, again, sha)
    assert "the same picture came with another step" in caught.value.faults[0].text("en")
    report(conn, who, second, again, sha, reason_evidence="同一处")
    [reused] = found(conn, cast, second)
    assert (reused.kind, reused.other_number, reused.other_at) == (
        FindingKind.REUSED, first, LATER,
    )  # fmt: skip
    [same] = doubts(
        conn, actor=who, case=case_of(conn, cast, first), move=Move.REPORT_DONE,
        photos=[("photo", sha)], now=LATER + timedelta(minutes=1),
    )  # fmt: skip
    assert "same picture" in same.what.en


def test_a_district_that_refuses_takes_no_such_photo_with_a_sub_task_either(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    make.set_setting(conn, "evidence_far", "refuse")
    number = bring_to(conn, cast, State.HANDLING)
    task = taken(conn, cast, number)
    sha = photo(conn, cast.other_handler, tmp_path, 4, east_m=900.0)
    with pytest.raises(Refused):
        report(conn, cast.other_handler, number, task, sha, reason_evidence="远一点")


def test_a_form_says_nothing_of_other_peoples_photos_or_of_cases_elsewhere(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = taken(conn, cast, number)
    sha = photo(conn, cast.handler, tmp_path, 5, east_m=900.0)

    def asked(who: Actor) -> int:
        said = doubts_of_report(
            conn, actor=who, number=number, task_id=task.id, photos=[sha], now=LATER
        )
        return len(said)

    assert (asked(cast.handler), asked(cast.other_handler)) == (1, 0)
    stranger = make.make_actor(conn, *cast.handler.roles)
    assert asked(stranger) == 0
