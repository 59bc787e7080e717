"""What a newcomer finds at the desks of the demo: callers, flags, sub-tasks, supervision."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role, Scope
from gis.audit.trail import broken_links
from gis.cases.callers.call_backs import due_call_backs
from gis.cases.callers.keeping import ring_of
from gis.cases.callers.queries import caller_card
from gis.cases.evidence.audit import flagged_findings
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.demo.load import load_demo

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def shown(module_database: ClusterUrls, home: Path) -> Iterator[Connection]:
    """A tiny district with callers, as its owner; nothing is changed."""
    engine = make_engine(module_database.owner_url, pool_size=2, statement_timeout_ms=0)
    load_demo(engine, size="tiny", now=NOW, progress=lambda _: None, home=home)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _counted(conn: Connection, sql: str) -> dict[str, int]:
    return {str(name): int(many) for name, many in conn.execute(text(sql))}


def _acceptor() -> Actor:
    return Actor(1, "受理", "a", None, frozenset({Role.ACCEPTOR}), Scope(("110101",)))


def test_every_case_of_the_line_has_a_caller_sealed_by_the_key_of_this_copy(
    shown: Connection, home: Path
) -> None:
    assert (home / "secrets" / "callers.json").exists()
    missing = (
        "SELECT count(*) FROM cases c WHERE source = 'call_desk' AND NOT EXISTS"
        " (SELECT FROM caller_call r WHERE r.case_id = c.id AND r.kind = 'reported')"
    )
    assert shown.execute(text(missing)).scalar() == 0
    rang = _counted(shown, "SELECT kind, count(*) FROM caller_call GROUP BY kind")
    assert set(rang) >= {"reported", "joined"}
    ring = ring_of(shown, home, now=NOW)
    rows = shown.execute(text("SELECT phone_cipher, phone_lookup FROM caller")).all()
    numbers = [ring.open("phone", bytes(r[0]), row=bytes(r[1])) for r in rows]
    assert len(set(numbers)) == len(numbers) >= 3
    assert all(number.startswith("1000000") for number in numbers)  # no network has such numbers
    card = caller_card(shown, actor=_acceptor(), ring=ring, phone=numbers[0])
    assert card is not None and card.phone.startswith("100****")


def test_callers_were_asked_about_the_end_and_some_wait(shown: Connection, home: Path) -> None:
    said = _counted(shown, "SELECT coalesce(satisfied, '-'), count(*) FROM call_back GROUP BY 1")
    closed = "SELECT count(*) FROM cases WHERE source = 'call_desk' AND state = 'CLOSED'"
    assert sum(said.values()) <= (shown.execute(text(closed)).scalar() or 0)
    ring = ring_of(shown, home, now=NOW)
    waiting = due_call_backs(shown, actor=_acceptor(), ring=ring, now=NOW + timedelta(days=3))
    assert said and waiting


def test_photos_of_one_supervisor_are_flagged_for_every_reason(shown: Connection) -> None:
    found = flagged_findings(
        shown, scope=Scope(("110101",)), starts=NOW - timedelta(days=30), ends=NOW
    )
    assert {str(one.kind) for one in found} >= {"far", "old", "reused"}
    assert len({one.person_id for one in found}) == 1
    assert all(one.metres > 100 for one in found if one.metres is not None)


def test_work_is_shared_supervised_answered_and_handed_over(shown: Connection) -> None:
    tasks = _counted(shown, "SELECT state, count(*) FROM case_task GROUP BY state")
    assert tasks == {"open": 1, "taken": 1, "done": 1}
    notices = _counted(shown, "SELECT kind, count(*) FROM case_notice GROUP BY kind")
    assert set(notices) == {"supervision", "return_loop", "evidence_flag"}
    replies = _counted(shown, "SELECT kind, count(*) FROM case_reply GROUP BY kind")
    assert set(replies) >= {"ended", "refused", "merged", "written"}
    for table in ("case_filter", "substitute"):
        assert shown.execute(text(f"SELECT count(*) FROM {table}")).scalar(), table


def test_nothing_that_was_played_breaks_a_chain(shown: Connection) -> None:
    assert broken_links(shown) == []
