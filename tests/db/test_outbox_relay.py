"""Messages of committed transactions reach their handlers, once as far as the database goes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from gis.audit import outbox
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.jobs.cleanup import clean_up
from gis.jobs.relay import Message, deliver

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def app(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=8)
    yield engine
    engine.dispose()


def _put(engine: Engine, *topics: str, at: datetime = NOW) -> None:
    with engine.begin() as conn:
        for number, topic in enumerate(topics):
            outbox.put(conn, topic, now=at, subject_id=number, payload={"words": "井盖"})


def _waiting(engine: Engine) -> list[tuple[str, int, str | None]]:
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT topic, attempts, last_error FROM outbox"
                " WHERE delivered_at IS NULL ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


def test_messages_arrive_in_the_order_they_were_written(app: Engine) -> None:
    _put(app, "a", "b", "a")
    seen: list[Message] = []

    def note(_conn: Connection, message: Message, now: datetime) -> None:
        assert now == NOW
        seen.append(message)

    done = deliver(app, {"a": note, "b": note}, now=NOW)
    assert (done.delivered, done.failed) == (3, 0)
    assert [(m.topic, m.subject_id) for m in seen] == [("a", 0), ("b", 1), ("a", 2)]
    assert seen[0].payload == {"words": "井盖"}
    assert deliver(app, {"a": note, "b": note}, now=NOW).seen == 0


def test_a_message_of_a_rolled_back_transaction_does_not_exist(app: Engine) -> None:
    with app.connect() as conn:
        outbox.put(conn, "a", now=NOW)
        conn.rollback()
    assert deliver(app, {}, now=NOW).seen == 0


def test_a_failing_handler_undoes_its_own_writes_and_harms_no_neighbour(app: Engine) -> None:
    _put(app, "good", "bad", "good")

    def good(conn: Connection, message: Message, now: datetime) -> None:
        outbox.put(conn, "done", now=now, subject_id=message.subject_id)

    def bad(conn: Connection, _message: Message, now: datetime) -> None:
        outbox.put(conn, "half done", now=now)
        conn.execute(text("SELECT 1 / 0"))

    done = deliver(app, {"good": good, "bad": bad}, now=NOW)
    assert (done.delivered, done.failed) == (2, 1)
    waiting = _waiting(app)
    assert [(topic, attempts) for topic, attempts, _ in waiting] == [
        ("bad", 1),
        ("done", 0),
        ("done", 0),
    ]
    assert "division by zero" in str(waiting[0][2])


def test_a_failed_message_waits_longer_each_time_and_then_arrives(app: Engine) -> None:
    _put(app, "shy")
    calls: list[datetime] = []

    def shy(_conn: Connection, _message: Message, now: datetime) -> None:
        calls.append(now)
        if len(calls) < 4:
            raise RuntimeError("not yet")

    for second in range(20):
        deliver(app, {"shy": shy}, now=NOW + timedelta(seconds=second))
    assert [(at - NOW).seconds for at in calls] == [0, 2, 4, 8]
    assert _waiting(app) == []


def test_a_topic_without_a_handler_waits_and_says_so(app: Engine) -> None:
    _put(app, "from the future")
    assert deliver(app, {}, now=NOW).failed == 1
    ((_, attempts, error),) = _waiting(app)
    assert attempts == 1
    assert "NoHandlerError: from the future" in str(error)


def test_four_workers_share_the_messages_and_none_is_handled_twice(app: Engine) -> None:
    _put(app, *["a"] * 200)
    lock, seen = threading.Lock(), []

    def note(_conn: Connection, message: Message, _now: datetime) -> None:
        with lock:
            seen.append(message.id)

    def work(_number: int) -> int:
        total = 0
        while (done := deliver(app, {"a": note}, now=NOW, most=7)).seen:
            total += done.delivered
        return total

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 200
    assert len(seen) == len(set(seen)) == 200


def test_a_second_worker_does_not_wait_for_a_slow_handler(app: Engine) -> None:
    _put(app, "slow")
    entered, leave = threading.Event(), threading.Event()

    def slow(_conn: Connection, _message: Message, _now: datetime) -> None:
        entered.set()
        assert leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver, app, {"slow": slow}, now=NOW)
        assert entered.wait(10)
        assert deliver(app, {"slow": slow}, now=NOW).seen == 0
        leave.set()
        assert first.result().delivered == 1


def test_cleaning_up_removes_only_what_has_done_its_work(app: Engine) -> None:
    _put(app, "old", "waiting", at=NOW - timedelta(days=40))
    with app.begin() as conn:
        conn.execute(
            text("UPDATE outbox SET delivered_at = :at WHERE topic = 'old'"),
            {"at": NOW - timedelta(days=31)},
        )
        for age in (1, 8):
            conn.execute(
                text(
                    "INSERT INTO idempotency_key (person_id, key, request_hash, created_at)"
                    " VALUES (1, :key, '', :at)"
                ),
                {"key": f"{age} days", "at": NOW - timedelta(days=age)},
            )
        removed = clean_up(conn, now=NOW)
        keys = conn.execute(text("SELECT key FROM idempotency_key")).scalars().all()
    assert removed == {"web_session": 0, "idempotency_key": 1, "outbox": 1}
    assert keys == ["1 days"]
    assert [topic for topic, _, _ in _waiting(app)] == ["waiting"]
