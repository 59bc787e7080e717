"""Changed levels reach every running clock, whoever is moving cases meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import SYSTEM, Role
from gis.cases.clocks.queries import ask_once_more, look_again
from gis.cases.clocks.sweep import sweep
from gis.cases.district_settings import change_setting
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.dispatch.commands import move_case
from gis.errors import Conflict
from gis.jobs.handlers import HANDLERS
from gis.jobs.relay import deliver
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, report

NOW = make.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def app(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def three(app: Engine) -> tuple[Cast, list[str]]:
    """Three cases to be taken up, their clocks looked at."""
    with transaction(app) as conn:
        cast = make_cast(conn)
        numbers = [bring_to(conn, cast, State.PENDING_HANDLE) for _ in range(3)]
        sweep(conn, actor=SYSTEM, now=NOW)
    deliver(app, HANDLERS, now=NOW)
    return cast, numbers


def _take_up(conn: Connection, cast: Cast, number: str) -> None:
    version = conn.execute(
        text("SELECT version FROM cases WHERE number = :n"), {"n": number}
    ).scalar_one()
    move_case(
        conn, actor=cast.handler, number=number, move=Move.TAKE_UP, fields={},
        expected_version=version, now=NOW,
    )  # fmt: skip


def _change(app: Engine) -> None:
    with transaction(app) as conn:
        centre = make.make_actor(conn, Role.CENTRE_LEADER)
        change_setting(conn, actor=centre, key="overdue_levels", words="50%:arbiter", now=NOW)


def _asked_anew(app: Engine) -> list[bool]:
    with app.connect() as conn:
        rows = conn.execute(
            text("SELECT next_at = :at FROM case_clock WHERE slot = 'case' ORDER BY case_id"),
            {"at": LATER},
        )
        return list(rows.scalars())


def _waiting(app: Engine) -> list[dict[str, object]]:
    with app.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT payload FROM outbox WHERE topic = 'clocks.levels_changed'"
                " AND delivered_at IS NULL ORDER BY id"
            )
        )
        return list(rows.scalars())


def test_a_case_that_is_being_moved_is_asked_again_after_its_move(
    app: Engine, three: tuple[Cast, list[str]]
) -> None:
    cast, numbers = three
    with app.connect() as moving:
        held = moving.begin()
        _take_up(moving, cast, numbers[1])
        _change(app)
        deliver(app, HANDLERS, now=LATER)
        assert _asked_anew(app) == [True, False, True]
        (again,) = _waiting(app)
        assert len(again["cases"]) == 1  # type: ignore[arg-type]
        deliver(app, HANDLERS, now=LATER)
        assert _waiting(app) == [again], "it waits as long as the move does"
        held.commit()
    while deliver(app, HANDLERS, now=LATER).seen:
        pass
    assert _asked_anew(app) == [True, True, True]
    assert _waiting(app) == []


def test_a_move_during_a_look_again_is_told_to_look_and_then_made(
    app: Engine, three: tuple[Cast, list[str]]
) -> None:
    cast, numbers = three
    with app.connect() as looking:
        held = looking.begin()
        assert look_again(looking, now=LATER).busy == ()
        with pytest.raises(Conflict, match="moving case"), transaction(app) as conn:
            _take_up(conn, cast, numbers[1])
        held.commit()
    with transaction(app) as conn:
        _take_up(conn, cast, numbers[1])
    assert _asked_anew(app) == [True, True, True]


def test_batches_follow_each_other_until_every_case_had_its_turn(
    app: Engine, three: tuple[Cast, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gis.jobs.handlers.look_again",
        lambda conn, **asked: look_again(conn, most=2, **asked),
    )
    _change(app)
    deliver(app, HANDLERS, now=LATER)
    assert _asked_anew(app) == [True, True, False]
    while deliver(app, HANDLERS, now=LATER).seen:
        pass
    assert _asked_anew(app) == [True, True, True]


def test_a_clock_that_began_during_the_change_follows_some_minutes_later(
    app: Engine, three: tuple[Cast, list[str]]
) -> None:
    cast, _numbers = three
    with app.connect() as moving:
        held = moving.begin()
        report(moving, cast.supervisor)  # reads the levels from before
        with transaction(app) as conn:
            centre = make.make_actor(conn, Role.CENTRE_LEADER)
            words = {"key": "stage_overdue_levels", "words": "1%:arbiter"}
            change_setting(conn, actor=centre, now=NOW, **words)
        while deliver(app, HANDLERS, now=NOW).seen:
            pass
        held.commit()

    def asked(minutes: int) -> bool:
        now = NOW + timedelta(minutes=minutes)
        with transaction(app) as conn:
            found = ask_once_more(conn, now=now)
        while deliver(app, HANDLERS, now=now).seen:
            pass
        return found

    newest = text("SELECT next_at FROM case_clock ORDER BY case_id DESC LIMIT 1")
    with app.connect() as conn:
        before = conn.execute(newest).scalar_one()
    assert not asked(9)
    assert asked(15)
    assert not asked(40)
    with app.connect() as conn:
        assert conn.execute(newest).scalar_one() == NOW + timedelta(minutes=15) != before


def test_a_change_that_is_taken_back_asks_nobody(
    app: Engine, three: tuple[Cast, list[str]]
) -> None:
    with app.connect() as conn:
        undone = conn.begin()
        centre = make.make_actor(conn, Role.CENTRE_LEADER)
        change_setting(conn, actor=centre, key="yellow_percent", words="70", now=NOW)
        undone.rollback()
    assert _waiting(app) == []
