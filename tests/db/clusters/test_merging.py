"""Merged reports: who follows, what reporters are told, and that nothing is lost on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Scope
from gis.cases.clusters import queries
from gis.cases.clusters.model import ReplyKind
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import NotFound, Refused
from gis.files.queries import readable_file
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, move, report, state_of, step
from tests.db.cases.test_races import at_once, moving

DISTRICT = Scope((make.DISTRICT,))


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def id_of(conn: Connection, number: str) -> int:
    found = conn.execute(text("SELECT id FROM cases WHERE number = :n"), {"n": number})
    return int(found.scalar_one())


def merge(conn: Connection, cast: Cast, number: str, target: str) -> None:
    move(conn, cast.acceptor, number, Move.MERGE, target_case=target)


def unmerge(conn: Connection, cast: Cast, number: str) -> None:
    move(conn, cast.acceptor, number, Move.UNMERGE, reason="不是同一件事")


def people(conn: Connection, number: str) -> int:
    return queries.reporters_count(conn, id_of(conn, number), scope=DISTRICT)


def members(conn: Connection, number: str) -> list[str]:
    return [m.number for m in queries.members_of(conn, id_of(conn, number), scope=DISTRICT)]


def told(conn: Connection, number: str) -> list[tuple[str, ReplyKind]]:
    """Whose report and what, of everything said about a case or to its reporter."""
    found = queries.replies_to(conn, id_of(conn, number), scope=DISTRICT)
    return sorted((one.number, one.kind) for one in found)


def test_the_reporters_of_a_merged_case_follow_the_case_that_stands_for_it(
    conn: Connection, cast: Cast
) -> None:
    target, merged = report(conn, cast.supervisor), report(conn, cast.second)
    merge(conn, cast, merged, target)
    followers = conn.execute(text("SELECT case_id, person_id, from_case_id FROM case_follower"))
    assert [tuple(row) for row in followers] == [
        (id_of(conn, target), cast.second.person_id, id_of(conn, merged))
    ]
    assert people(conn, target) == 2
    standing = queries.standing_for(conn, id_of(conn, merged), scope=DISTRICT)
    assert standing is not None and standing.number == target
    assert queries.standing_for(conn, id_of(conn, target), scope=DISTRICT) is None


def test_one_supervisor_counts_once_and_public_reports_without_a_caller_each(
    conn: Connection, cast: Cast
) -> None:
    target = report(conn, cast.supervisor)
    merge(conn, cast, report(conn, cast.supervisor), target)
    assert people(conn, target) == 1
    for _ in range(2):  # the desk enters them, two unknown people rang
        merge(conn, cast, report(conn, cast.acceptor), target)
    assert people(conn, target) == 3


def test_a_caller_counts_once_whether_reporting_or_joining(conn: Connection, cast: Cast) -> None:
    target, other = report(conn, cast.acceptor), report(conn, cast.acceptor)
    caller = conn.execute(
        text(
            "INSERT INTO caller (phone_cipher, phone_lookup, phone_masked, created_at, changed_at)"
            " VALUES ('x', 'y', '138****1234', :now, :now) RETURNING id"
        ),
        {"now": make.NOW},
    ).scalar_one()
    for number, kind in ((target, "reported"), (other, "reported"), (other, "joined")):
        conn.execute(
            text(
                "INSERT INTO caller_call (caller_id, case_id, kind, at)"
                " VALUES (:caller, :case, :kind, :now)"
            ),
            {"caller": caller, "case": id_of(conn, number), "kind": kind, "now": make.NOW},
        )
    merge(conn, cast, other, target)
    assert people(conn, target) == 1


def test_words_and_photos_of_a_merged_report_are_read_from_the_case_that_stands_for_it(
    conn: Connection, cast: Cast
) -> None:
    target = report(conn, cast.supervisor)
    photo = make.make_file(conn, sent=False)
    conn.execute(
        text("INSERT INTO file_upload VALUES (:sha256, :person, :now)"),
        {"sha256": photo, "person": cast.second.person_id, "now": make.NOW},
    )
    merged = report(conn, cast.second, text="第二个人的话", photos=(photo,))
    merge(conn, cast, merged, target)
    for what in (Move.REGISTER, Move.FILE, Move.DISPATCH):
        who = {Move.REGISTER: "acceptor", Move.FILE: "leader", Move.DISPATCH: "dispatcher"}[what]
        step(conn, cast, target, what, who, make.NOW)
    department = cast.handler.scope
    (member,) = queries.members_of(conn, id_of(conn, target), scope=department)
    assert (member.number, member.description, member.photos) == (merged, "第二个人的话", (photo,))
    assert not member.in_scope, "the department cannot open it as a case of its own"
    assert readable_file(
        conn, photo, person_id=cast.handler.person_id, areas=department.as_list(),
        department_id=department.department_id,
    ).sha256 == photo  # fmt: skip
    with pytest.raises(NotFound):
        readable_file(
            conn, photo, person_id=cast.other_handler.person_id, areas=department.as_list(),
            department_id=cast.other_department,
        )  # fmt: skip


def test_unmerging_takes_followers_back_and_counts_as_before(conn: Connection, cast: Cast) -> None:
    target, merged = report(conn, cast.supervisor), report(conn, cast.second)
    merge(conn, cast, merged, target)
    unmerge(conn, cast, merged)
    assert (people(conn, target), people(conn, merged)) == (1, 1)
    assert members(conn, target) == []
    assert state_of(conn, merged) is State.REPORTED


def test_a_chain_is_folded_at_once_and_unfolded_where_it_was(conn: Connection, cast: Cast) -> None:
    first, second, third, last = (report(conn, cast.supervisor) for _ in range(4))
    merge(conn, cast, first, second)
    merge(conn, cast, second, third)
    merge(conn, cast, third, last)
    assert members(conn, last) == [first, second, third]
    chains = conn.execute(
        text("SELECT count(*) FROM case_merge a JOIN case_merge b ON b.case_id = a.into_id")
    )
    assert chains.scalar_one() == 0
    found = queries.members_of(conn, id_of(conn, last), scope=DISTRICT)
    assert [m.by_way_of for m in found] == [(second, third), (third,), ()]
    unmerge(conn, cast, third)
    assert (members(conn, last), members(conn, third)) == ([], [first, second])
    unmerge(conn, cast, first)
    assert members(conn, third) == [second]
    unmerge(conn, cast, second)
    assert members(conn, third) == []


def test_a_case_is_not_merged_into_one_that_was_merged(conn: Connection, cast: Cast) -> None:
    target, merged, late = (report(conn, cast.supervisor) for _ in range(3))
    merge(conn, cast, merged, target)
    with pytest.raises(Refused):
        merge(conn, cast, late, merged)
    with pytest.raises(Refused):
        merge(conn, cast, late, late)


def test_nothing_leaves_a_case_that_was_closed_wherever_it_was_merged_first(
    conn: Connection, cast: Cast
) -> None:
    target = bring_to(conn, cast, State.PENDING_CLOSE)
    middle, merged = report(conn, cast.supervisor), report(conn, cast.second)
    merge(conn, cast, merged, middle)
    merge(conn, cast, middle, target)
    step(conn, cast, target, Move.CLOSE, "leader", make.NOW)
    for number in (merged, middle):
        with pytest.raises(Refused):
            unmerge(conn, cast, number)


def test_every_reporter_is_told_of_merging_the_end_and_reopening_once(
    conn: Connection, cast: Cast
) -> None:
    target = bring_to(conn, cast, State.PENDING_CLOSE)
    merged = report(conn, cast.second)
    merge(conn, cast, merged, target)
    step(conn, cast, target, Move.CLOSE, "leader", make.NOW)
    assert told(conn, target) == sorted([
        (merged, ReplyKind.MERGED), (merged, ReplyKind.ENDED), (target, ReplyKind.ENDED),
    ])  # fmt: skip
    assert told(conn, merged) == [(merged, ReplyKind.ENDED), (merged, ReplyKind.MERGED)]
    step(conn, cast, target, Move.REOPEN, "leader", make.NOW + timedelta(hours=1))
    assert told(conn, target).count((merged, ReplyKind.REOPENED)) == 1


def test_a_refusal_says_its_reason_to_everybody(conn: Connection, cast: Cast) -> None:
    target, merged = report(conn, cast.supervisor), report(conn, cast.second)
    merge(conn, cast, merged, target)
    move(conn, cast.acceptor, target, Move.REFUSE, reason="不属于城市管理范围")
    said = queries.replies_to(conn, id_of(conn, merged), scope=DISTRICT)
    refused = [one for one in said if one.kind is ReplyKind.REFUSED]
    assert [one.words for one in refused] == ["不属于城市管理范围"]
    assert refused[0].about == target


def test_a_reporter_reads_how_things_stand_outside_the_own_area(
    conn: Connection, cast: Cast
) -> None:
    target, merged = report(conn, cast.supervisor), report(conn, cast.second)
    merge(conn, cast, merged, target)
    nowhere = Scope(("110101009",))
    mine = {"scope": nowhere, "person_id": cast.second.person_id}
    standing = queries.standing_for(conn, id_of(conn, merged), **mine)
    assert standing is not None and standing.state is State.REPORTED
    (said,) = queries.replies_to(conn, id_of(conn, merged), **mine)
    assert said.own and said.kind is ReplyKind.MERGED
    assert queries.replies_to(conn, id_of(conn, target), **mine) == []


def test_counting_the_people_of_one_case_reads_that_case_only(conn: Connection, cast: Cast) -> None:
    plan = conn.execute(
        text("EXPLAIN SELECT count(DISTINCT who) FROM case_reporter WHERE case_id = 1")
    ).scalars()
    assert not [line for line in plan if "CTE" in line], "all reports were put together first"


@pytest.fixture
def shared(fresh_database: ClusterUrls):  # type: ignore[no-untyped-def]
    engine = make_engine(fresh_database.app_url)
    yield engine
    engine.dispose()


def test_reports_merged_in_at_the_same_moment_are_all_counted(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        target = report(conn, cast.supervisor)
        others = [report(conn, cast.acceptor) for _ in range(6)]
    results = at_once([
        moving(shared, cast.acceptor, number, Move.MERGE, 1, target_case=target)
        for number in others
    ])  # fmt: skip
    done = sum(not isinstance(one, Exception) for one in results)
    with transaction(shared) as conn:
        assert done >= 1
        assert people(conn, target) == 1 + done
        assert len(members(conn, target)) == done


def test_a_case_that_closes_while_a_report_leaves_it_tells_exactly_those_it_still_stands_for(
    shared: Engine,
) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
    for _ in range(4):
        with transaction(shared) as conn:
            target = bring_to(conn, cast, State.PENDING_CLOSE)
            merged = report(conn, cast.second)
            merge(conn, cast, merged, target)
            version = conn.execute(
                text("SELECT version, condition_no FROM cases WHERE number = :n"), {"n": target}
            ).one()
        at_once([
            moving(shared, cast.leader, target, Move.CLOSE, version.version,
                   condition=version.condition_no),
            moving(shared, cast.acceptor, merged, Move.UNMERGE, 2, reason="不是"),
        ])  # fmt: skip
        with transaction(shared) as conn:
            left = state_of(conn, merged) is State.REPORTED
            ended = (merged, ReplyKind.ENDED) in told(conn, merged)
            assert not (left and ended)
