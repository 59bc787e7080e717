"""Words written to the reporters of a case: who may write, and that nobody is told twice."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Role
from gis.audit.trail import broken_links
from gis.cases.clusters.commands import reply
from gis.cases.model import Move
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.case_life import Cast, make_cast, move, report

WORDS = "周五前清运。"


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def merged(conn: Connection, cast: Cast) -> str:
    """A case that stands for two reports."""
    target, other = report(conn, cast.supervisor), report(conn, cast.second)
    move(conn, cast.acceptor, other, Move.MERGE, target_case=target)
    return target


def written(conn: Connection) -> list[str]:
    rows = conn.execute(text("SELECT words FROM case_reply WHERE kind = 'written' ORDER BY id"))
    return list(rows.scalars())


def test_a_written_reply_reaches_every_reporter_and_stands_on_the_trail(
    conn: Connection, cast: Cast
) -> None:
    number = merged(conn, cast)
    asked = {"actor": cast.acceptor, "number": number, "now": make.NOW}
    assert reply(conn, words=WORDS, key="k", **asked) == 2
    assert written(conn) == [WORDS, WORDS]
    last = conn.execute(
        text("SELECT action, role FROM audit_event WHERE subject_type = 'case' ORDER BY id DESC")
    ).first()
    assert last is not None and tuple(last) == ("reply", "acceptor")
    assert broken_links(conn) == []
    with pytest.raises(Invalid):
        reply(conn, words="  ", key="k2", **asked)


def test_the_same_reply_again_tells_nobody_twice(conn: Connection, cast: Cast) -> None:
    asked = {"actor": cast.acceptor, "number": merged(conn, cast), "key": "k", "now": make.NOW}
    assert [reply(conn, words=WORDS, **asked) for _ in range(2)] == [2, 2]
    assert written(conn) == [WORDS, WORDS]
    with pytest.raises(Invalid):
        reply(conn, words="另一件事。", **asked)
    assert reply(conn, words=WORDS, **asked | {"key": "on purpose"}) == 2
    assert len(written(conn)) == 4


def test_a_double_click_is_one_reply(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        number = merged(conn, cast)
    both, told = threading.Barrier(2), []

    def click() -> None:
        both.wait(10)
        with transaction(shared) as conn:
            told.append(
                reply(
                    conn, actor=cast.acceptor, number=number, words=WORDS, key="k", now=make.NOW
                )
            )  # fmt: skip

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == [2, 2]
    with transaction(shared) as conn:
        assert written(conn) == [WORDS, WORDS]


@pytest.fixture
def shared(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=3)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_who_accepts_and_who_closes_writes_to_reporters(
    conn: Connection, cast: Cast, role: Role
) -> None:
    number = report(conn, cast.supervisor)
    actor = make.make_actor(conn, role)
    asked = {"actor": actor, "number": number, "words": WORDS, "key": "k", "now": make.NOW}
    if role in (Role.ACCEPTOR, Role.SHIFT_LEADER):
        assert reply(conn, **asked) == 1
        return
    with pytest.raises(Forbidden) as refused:
        reply(conn, **asked)
    assert "答复上报人" in refused.value.text("zh-CN")
    assert written(conn) == []


def test_an_acceptor_of_another_street_writes_to_nobody(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    elsewhere = make.make_actor(conn, Role.ACCEPTOR, scope=("110101002",))
    with pytest.raises(NotFound):
        reply(conn, actor=elsewhere, number=number, words=WORDS, key="k", now=make.NOW)
