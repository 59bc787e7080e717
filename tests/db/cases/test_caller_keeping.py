"""Keys and forgetting as the worker and the command line do them: committed, in batches."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.cases.callers.commands import take_call
from gis.cases.callers.keeping import key_file, ring_of
from gis.cases.callers.queries import caller_card
from gis.cases.callers.records import Caller, NewCall
from gis.cases.records import NewCase
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.jobs.caller_keeping import change_key, forget_all_old, make_first_key, start_over
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import CLASS, Cast, make_cast

NOW = make.NOW
PHONES = tuple(f"1381234{n:04d}" for n in range(5))


@pytest.fixture
def called(fresh_database: ClusterUrls, tmp_path: Path) -> Iterator[tuple[Engine, Path, Cast]]:
    """A database in which five people rang, and the folder with their key."""
    engine = make_engine(fresh_database.app_url, pool_size=2)
    lon, lat = make.middle()
    with engine.begin() as conn:
        cast = make_cast(conn)
        ring = ring_of(conn, tmp_path, now=NOW)
        for phone in PHONES:
            report = NewCase(kind=Kind.EVENT, class_code=CLASS, lon=lon, lat=lat, text="垃圾")
            take_call(
                conn, actor=cast.acceptor, ring=ring, key=phone, now=NOW,
                call=NewCall(caller=Caller(phone=phone, name="张三"), report=report),
            )  # fmt: skip
    yield engine, tmp_path, cast
    engine.dispose()


def known(engine: Engine, home: Path, cast: Cast) -> list[str]:
    with engine.begin() as conn:
        ring = ring_of(conn, home, now=NOW)
        cards = [caller_card(conn, actor=cast.acceptor, ring=ring, phone=p) for p in PHONES]
    return [card.name for card in cards if card]


def test_a_new_key_leaves_every_caller_known_even_when_it_is_cut_short(
    called: tuple[Engine, Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, home, cast = called
    before = key_file(home).read_text()

    def killed(*_args: object, **_named: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("gis.jobs.caller_keeping.seal_again", killed)
        with pytest.raises(KeyboardInterrupt):
            change_key(engine, home, now=NOW)
    assert key_file(home).read_text() != before
    assert known(engine, home, cast) == ["张**"] * 5
    assert change_key(engine, home, now=NOW) == 5
    assert known(engine, home, cast) == ["张**"] * 5


def test_a_lost_file_is_said_at_the_start_and_not_replaced(
    called: tuple[Engine, Path, Cast], fresh_database: ClusterUrls
) -> None:
    engine, home, cast = called
    key_file(home).unlink()
    said: list[str] = []
    make_first_key(fresh_database.app_url, home, now=NOW, say=said.append)
    assert "are missing" in said[0] and not key_file(home).exists()
    assert start_over(engine, home, now=NOW) == 5
    assert known(engine, home, cast) == []
    make_first_key(fresh_database.app_url, home, now=NOW, say=said.append)
    assert len(said) == 1


def test_the_nightly_work_forgets_whose_time_is_over(called: tuple[Engine, Path, Cast]) -> None:
    engine, home, cast = called
    with engine.begin() as conn:
        conn.execute(
            text("UPDATE cases SET open = false, state = 'CLOSED', closed_at = :now WHERE id > 2"),
            {"now": NOW},
        )
    assert forget_all_old(engine, now=NOW + timedelta(days=364)) == 0
    assert forget_all_old(engine, now=NOW + timedelta(days=366)) == 3
    assert known(engine, home, cast) == ["张**"] * 2
