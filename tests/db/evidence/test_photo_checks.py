"""Photos of a step against its case: real JPEGs, real distances, and nothing typed is lost."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor
from gis.cases.evidence.checks import doubts, look_at_report
from gis.cases.model import Move, State
from gis.errors import Invalid, Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    case_of,
    fields_for,
    make_cast,
    move,
    report,
    state_of,
    supervisor_of,
)
from tests.photos import jpeg, send

LON, LAT = make.middle()
METRES_A_DEGREE = 85_400
"""Of longitude at the latitude of the district."""
LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def found(conn: Connection, number: str) -> dict[str, Any]:
    """By kind, without what is noted about the handler's photo that brought the case here."""
    rows = conn.execute(
        text(
            "SELECT f.* FROM evidence_finding f JOIN cases c ON c.id = f.case_id"
            " JOIN case_event e ON e.case_id = c.id AND e.seq = f.event_seq"
            " WHERE c.number = :n AND e.move <> 'report_done' ORDER BY f.id"
        ),
        {"n": number},
    )
    return {row.kind: row for row in rows}


def in_check(conn: Connection, cast: Cast) -> tuple[str, Actor]:
    number = bring_to(conn, cast, State.CHECKING)
    return number, supervisor_of(conn, cast, number)


def photo(
    conn: Connection, who: Actor, root: Path, shade: int, *,
    east_m: float | None = 0.0, taken_at: datetime | None = LATER,
) -> str:  # fmt: skip
    lon = None if east_m is None else LON + east_m / METRES_A_DEGREE
    data = jpeg(shade=shade, taken_at=taken_at, lon=lon, lat=LAT)
    return send(conn, data, who, root, now=LATER)


def test_a_photo_on_the_spot_after_the_order_is_taken_without_a_word(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[photo(conn, who, tmp_path, 1)])
    assert found(conn, number) == {}


def test_a_photo_from_far_asks_for_a_reason_with_its_metres_and_is_flagged(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    sha = photo(conn, who, tmp_path, 1, east_m=500)
    with pytest.raises(Invalid) as caught:
        move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha])
    (said,) = caught.value.faults
    assert said.field == "reason_evidence"
    assert "501 m" in said.text("en") and "200 米" in said.text("zh-CN")
    assert state_of(conn, number) is State.CHECKING
    move(
        conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha], reason_evidence="信号漂移",
    )  # fmt: skip
    kept = found(conn, number)["far"]
    assert (round(kept.metres, -1), kept.said, kept.flagged) == (500, "信号漂移", True)
    assert kept.person_id == who.person_id
    trail = conn.execute(
        text("SELECT action, data FROM audit_event WHERE subject_type = 'evidence'")
    ).one()
    assert trail.action == "flagged" and trail.data["findings"][0]["kind"] == "far"
    told = conn.execute(text("SELECT kind, role FROM case_notice")).all()
    assert ("evidence_flag", "auditor") in [tuple(row) for row in told]


def test_a_photo_older_than_the_order_is_old_and_one_of_tomorrow_is_ahead(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    old = photo(conn, who, tmp_path, 1, taken_at=make.NOW - timedelta(hours=3))
    ahead = photo(conn, who, tmp_path, 2, taken_at=LATER + timedelta(days=1))
    move(
        conn, who, number, Move.CHECK_FAILED, now=LATER, photo=[old, ahead], reason="没清干净",
        reason_evidence="相机时间不准",
    )  # fmt: skip
    kept = found(conn, number)
    assert kept["old"].minutes == 180 and kept["ahead"].minutes == 1440


def test_a_handler_is_asked_by_the_time_of_dispatch(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    sha = photo(conn, cast.handler, tmp_path, 1, taken_at=make.NOW - timedelta(days=2))
    with pytest.raises(Invalid):
        move(conn, cast.handler, number, Move.REPORT_DONE, now=LATER, photo=[sha], text="已清理")


def test_a_phone_that_strips_time_and_place_is_noted_and_nobody_is_asked(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    sha = photo(conn, who, tmp_path, 1, east_m=None, taken_at=None)
    move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha])
    kept = found(conn, number)
    assert set(kept) == {"no_place", "no_time"}
    assert not any(row.flagged for row in kept.values())
    told = conn.execute(text("SELECT kind FROM case_notice")).scalars()
    assert "evidence_flag" not in set(told)


def test_the_same_picture_in_another_case_is_found_even_with_another_exif_record(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    first, who = in_check(conn, cast)
    sha = photo(conn, who, tmp_path, 1)
    move(conn, who, first, Move.CHECK_PASSED, now=LATER, photo=[sha])
    second, other = in_check(conn, cast)
    again = photo(conn, other, tmp_path, 1, taken_at=LATER + timedelta(minutes=1))
    assert again == sha, "what is stored is the picture alone"
    with pytest.raises(Invalid):
        move(conn, other, second, Move.CHECK_PASSED, now=LATER, photo=[again])
    move(
        conn, other, second, Move.CHECK_PASSED, now=LATER, photo=[again], reason_evidence="误传",
    )  # fmt: skip
    kept = found(conn, second)["reused"]
    assert kept.other_case_id == case_of(conn, cast, first).id


def test_the_bytes_that_were_sent_find_a_picture_that_was_encoded_otherwise_before(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    first, who = in_check(conn, cast)
    sha = photo(conn, who, tmp_path, 1)
    earlier = make.make_file(
        conn, original_sha256=conn.execute(
            text("SELECT original_sha256 FROM stored_file WHERE sha256 = :s"), {"s": sha}
        ).scalar_one(),
    )  # fmt: skip
    move(conn, who, first, Move.CHECK_PASSED, now=LATER, photo=[earlier])
    second, other = in_check(conn, cast)
    sha = photo(conn, other, tmp_path, 1)
    with pytest.raises(Invalid, match="do not fit"):
        move(conn, other, second, Move.CHECK_PASSED, now=LATER, photo=[sha])


def test_the_photo_of_the_report_does_for_no_check(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    who = supervisor_of(conn, cast, number)
    reported = photo(conn, who, tmp_path, 3)
    conn.execute(
        text(
            "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
            " SELECT id, 1, 'report', :s, 1 FROM cases WHERE number = :n"
        ),
        {"s": reported, "n": number},
    )
    with pytest.raises(Invalid):
        move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[reported])


@pytest.mark.parametrize(("kind", "east_m"), [("evidence_far", 500.0), ("evidence_missing", None)])
def test_a_district_can_refuse_instead_whatever_reason_is_given(
    conn: Connection, cast: Cast, tmp_path: Path, kind: str, east_m: float | None
) -> None:
    number, who = in_check(conn, cast)
    make.set_setting(conn, kind, "refuse")
    sha = photo(conn, who, tmp_path, 1, east_m=east_m)
    with pytest.raises(Refused):
        move(
            conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha], reason_evidence="有原因",
        )  # fmt: skip
    assert state_of(conn, number) is State.CHECKING and found(conn, number) == {}


def test_a_kind_that_is_switched_off_leaves_no_trace(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    for key in ("evidence_far", "evidence_old", "evidence_missing", "evidence_reused"):
        make.set_setting(conn, key, "off")
    number, who = in_check(conn, cast)
    sha = photo(conn, who, tmp_path, 1, east_m=9000, taken_at=make.NOW - timedelta(days=90))
    move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha])
    assert found(conn, number) == {}


def test_a_report_is_never_held_up_but_flagged_afterwards_and_once(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    make.set_setting(conn, "evidence_far", "refuse")
    sha = photo(conn, cast.supervisor, tmp_path, 1, east_m=5000,
                taken_at=make.NOW - timedelta(days=3))  # fmt: skip
    number = report(conn, cast.supervisor, photos=(sha,))
    assert found(conn, number) == {}
    case = case_of(conn, cast, number)
    assert look_at_report(conn, case.id) == 2
    look_at_report(conn, case.id)
    kept = found(conn, number)
    assert set(kept) == {"far", "old"} and all(row.flagged for row in kept.values())
    assert conn.execute(
        text("SELECT count(*) FROM audit_event WHERE subject_type = 'evidence'")
    ).scalar() == 1  # fmt: skip


def test_a_report_written_hours_ago_without_a_network_is_no_old_photo(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    taken = make.NOW - timedelta(hours=40)
    sha = photo(conn, cast.supervisor, tmp_path, 1, taken_at=taken)
    number = report(conn, cast.supervisor, photos=(sha,), written_at=taken + timedelta(minutes=5))
    assert look_at_report(conn, case_of(conn, cast, number).id) == 0


def test_a_form_hears_of_its_doubts_before_the_move_and_of_nobody_elses_photos(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    case = case_of(conn, cast, number)
    near, far = photo(conn, who, tmp_path, 1), photo(conn, who, tmp_path, 2, east_m=700)
    ask = {"case": case, "move": Move.CHECK_PASSED, "now": LATER}
    said = doubts(conn, actor=who, photos=[("photo", near), ("photo", far)], **ask)
    assert [(d.photo_no, str(d.level)) for d in said] == [(2, "warn")]
    assert doubts(conn, actor=cast.arbiter, photos=[("photo", far)], **ask) == []


def test_a_photo_from_the_other_side_of_the_earth_has_a_distance(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = in_check(conn, cast)
    data = jpeg(shade=9, taken_at=LATER, lon=-73.5, lat=39.9)
    data_sha = send(conn, data, who, tmp_path)
    fields = {**fields_for(conn, cast, Move.CHECK_PASSED, LATER), "photo": [data_sha]}
    with pytest.raises(Invalid):
        move(conn, who, number, Move.CHECK_PASSED, now=LATER, **fields)
