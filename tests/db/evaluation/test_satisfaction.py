"""Satisfaction of callers: a case counts by its newest answer in the period."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from gis.accounts.model import Scope
from gis.evaluation.model import period_of
from gis.evaluation.satisfaction import Satisfaction, cases_answered, satisfaction
from tests import factories as make

ZONE = ZoneInfo("Asia/Shanghai")
DAY = period_of(date(2026, 11, 18), date(2026, 11, 18), ZONE)
EVERYTHING = Scope((make.DISTRICT,))


def said(conn: Connection, case_id: int, what: str | None, at: datetime = make.NOW) -> None:
    """One call-back about a case; None: nobody answered."""
    caller_id = conn.execute(
        text(
            "INSERT INTO caller (phone_masked, created_at, changed_at, forgotten_at)"
            " VALUES ('', :at, :at, :at) RETURNING id"
        ),
        {"at": at},
    ).scalar_one()
    conn.execute(
        text(
            "INSERT INTO call_back (case_id, caller_id, closed_at, try, at, reached, satisfied)"
            " VALUES (:case_id, :caller_id, :at, 1, :at, :reached, :what)"
        ),
        {"case_id": case_id, "caller_id": caller_id, "at": at, "reached": what is not None,
         "what": what},
    )  # fmt: skip


def test_each_case_counts_once_by_its_newest_answer(conn: Connection) -> None:
    make.make_cell(conn)
    happy, torn, sad, silent, tomorrow = (
        make.make_case(conn, state="CLOSED", closed_at=make.NOW) for _ in range(5)
    )
    said(conn, happy, "no")
    said(conn, happy, "yes", make.NOW + timedelta(hours=2))
    said(conn, torn, "partly")
    said(conn, sad, "no")
    said(conn, silent, None)
    said(conn, tomorrow, "yes", make.NOW + timedelta(days=1))
    found = satisfaction(conn, period=DAY, scope=EVERYTHING)
    assert found == Satisfaction(answered=3, satisfied=1, partly=1, unsatisfied=1)
    assert found.share == 1 / 3
    behind = cases_answered(conn, period=DAY, scope=EVERYTHING)
    assert sorted(behind["satisfied"]) == ["no", "partly", "yes"]
    assert len(behind) == found.answered


def test_without_an_answer_there_is_no_share_and_elsewhere_is_elsewhere(conn: Connection) -> None:
    make.make_cell(conn)
    case = make.make_case(conn, state="CLOSED", closed_at=make.NOW)
    assert satisfaction(conn, period=DAY, scope=EVERYTHING).share is None
    said(conn, case, "yes")
    assert satisfaction(conn, period=DAY, scope=Scope(("110102",))).answered == 0
    assert satisfaction(conn, period=DAY, scope=EVERYTHING, area="110102").answered == 0
    assert satisfaction(conn, period=DAY, scope=EVERYTHING).share == 1
