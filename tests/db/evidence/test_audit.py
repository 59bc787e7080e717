"""What an auditor sees and decides, on a real database."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.audit.trail import broken_links
from gis.cases.evidence.audit import (
    Figure,
    Flagged,
    compare_supervisors,
    findings_of_case,
    flagged_findings,
    sample_to_audit,
    steps_behind,
)
from gis.cases.evidence.commands import ACCEPTED, NOT_ACCEPTABLE, decide
from gis.cases.evidence.draw import in_sample
from gis.cases.model import Move, State
from gis.cases.settings import CaseSettings
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, make_cast, move, supervisor_of
from tests.photos import jpeg, send

LON, LAT = make.middle()
LATER = make.NOW + timedelta(hours=1)
MONTH = {"starts": make.NOW - timedelta(days=30), "ends": make.NOW + timedelta(days=1)}


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def checked_from(
    conn: Connection, cast: Cast, root: Path, *, east: float, shade: int
) -> tuple[str, Actor]:
    """A case whose check has a photo taken `east` degrees away, with a reason."""
    number = bring_to(conn, cast, State.CHECKING)
    who = supervisor_of(conn, cast, number)
    sha = send(conn, jpeg(shade=shade, taken_at=LATER, lon=LON + east, lat=LAT), who, root)
    move(conn, who, number, Move.CHECK_PASSED, now=LATER, photo=[sha], reason_evidence="漂移")
    return number, who


def only(conn: Connection, cast: Cast) -> Flagged:
    (one,) = flagged_findings(conn, scope=cast.auditor.scope, **MONTH)
    return one


def test_a_flagged_finding_is_listed_with_photo_distance_and_what_was_said(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    number, who = checked_from(conn, cast, tmp_path, east=0.01, shade=1)
    one = only(conn, cast)
    assert (one.number, one.person_id, one.said, str(one.kind)) == (
        number, who.person_id, "漂移", "far",
    )  # fmt: skip
    assert one.metres is not None and 840 < one.metres < 870
    every = findings_of_case(conn, one.case_id, scope=cast.auditor.scope)
    assert {str(f.kind) for f in every} == {"far", "no_place", "no_time"}, "notes too"


def test_a_decision_is_kept_once_with_its_reason_and_on_the_trail(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    checked_from(conn, cast, tmp_path, east=0.01, shade=1)
    one = only(conn, cast)
    ask = {"finding_id": one.id, "now": LATER}
    with pytest.raises(Invalid):
        decide(conn, actor=cast.auditor, decision=NOT_ACCEPTABLE, note=" ", **ask)
    with pytest.raises(Invalid):
        decide(conn, actor=cast.auditor, decision="maybe", note="x", **ask)
    decide(conn, actor=cast.auditor, decision=NOT_ACCEPTABLE, note="不是现场", **ask)
    with pytest.raises(Conflict):
        decide(conn, actor=cast.auditor, decision=ACCEPTED, note="", **ask)
    assert flagged_findings(conn, scope=cast.auditor.scope, **MONTH) == []
    (after,) = flagged_findings(conn, scope=cast.auditor.scope, decided=True, **MONTH)
    assert (after.decision, after.decision_note) == (NOT_ACCEPTABLE, "不是现场")
    actions = conn.execute(
        text("SELECT action FROM audit_event WHERE subject_type = 'evidence' ORDER BY seq")
    ).scalars()
    assert list(actions) == ["flagged", NOT_ACCEPTABLE]
    assert broken_links(conn) == []


def test_nobody_decides_without_the_right_about_an_own_photo_or_elsewhere(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    _, who = checked_from(conn, cast, tmp_path, east=0.01, shade=1)
    one = only(conn, cast)
    ask = {"finding_id": one.id, "decision": ACCEPTED, "note": "", "now": LATER}
    for other in (cast.dispatcher, cast.acceptor):
        with pytest.raises(Forbidden):
            decide(conn, actor=other, **ask)
    own = Actor(
        person_id=who.person_id, name="x", login="x", department_id=None,
        roles=frozenset({Role.AUDITOR}), scope=cast.auditor.scope,
    )  # fmt: skip
    with pytest.raises(Refused):
        decide(conn, actor=own, **ask)
    far = make.make_actor(conn, Role.AUDITOR, scope=("110102",))
    with pytest.raises(NotFound):
        decide(conn, actor=far, **ask)


def test_a_picture_used_before_names_the_other_case_inside_the_area_only(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    first, _ = checked_from(conn, cast, tmp_path, east=0, shade=5)
    second, _ = checked_from(conn, cast, tmp_path, east=0, shade=5)
    one = only(conn, cast)
    assert (str(one.kind), one.number, one.other_number) == ("reused", second, first)


def test_figures_count_checks_distances_and_earlier_uses_and_show_the_steps(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    far, who = checked_from(conn, cast, tmp_path, east=0.01, shade=1)
    found = compare_supervisors(
        conn, scope=cast.auditor.scope, settings=CaseSettings(audit_fewest=1), **MONTH
    )
    row = next(p for p in found.people if p.person_id == who.person_id)
    assert (row.checked, row.passed, row.photos, row.placed, row.reused) == (1, 1, 1, 1, 0)
    assert row.metres is not None and 840 < row.metres < 870
    ask = {"scope": cast.auditor.scope, "person_id": who.person_id, **MONTH}
    behind = {f: steps_behind(conn, figure=f, **ask) for f in Figure}
    assert [s.number for s in behind[Figure.PASS_RATE]] == [far]
    assert [s.number for s in behind[Figure.DISTANCE]] == [far]
    assert behind[Figure.REUSE] == []


def test_the_sample_is_the_one_that_the_guard_draws_and_shrinks_with_every_audit(
    conn: Connection, cast: Cast
) -> None:
    settings = CaseSettings(self_handled_sample_percent=50)
    make.set_setting(conn, "self_handled_sample_percent", 50)
    numbers = [bring_to(conn, cast, State.SELF_HANDLED) for _ in range(12)]
    drawn = [n for n in numbers if in_sample(n, 50)]
    ask = {"scope": cast.auditor.scope, "starts": MONTH["starts"], "settings": settings}
    assert [row.number for row in sample_to_audit(conn, **ask)] == drawn
    assert drawn, "the numbers of this test draw some"
    move(conn, cast.auditor, drawn[0], Move.AUDIT_SELF_HANDLED, result="valid")
    assert [row.number for row in sample_to_audit(conn, **ask)] == drawn[1:]
    assert case_of(conn, cast, drawn[0]).state is State.SELF_HANDLED
