"""A number that was kept twice while the keys changed becomes one caller again."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import SYSTEM, Role
from gis.audit.trail import broken_links
from gis.cases.callers.call_backs import call_backs_of_case, record_call_back
from gis.cases.callers.commands import join_case, reveal, take_call
from gis.cases.callers.keeping import key_file, ring_of
from gis.cases.callers.queries import (
    caller_card,
    callers_of_case,
    reveals_by_person,
)
from gis.cases.callers.records import CallBackAnswer, Caller, NewCall, Rang
from gis.cases.callers.rotating import keys_in_use, ring_with_new_key, seal_again
from gis.cases.callers.sealing import Key, KeyRing
from gis.cases.records import NewCase
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.jobs import caller_keeping
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import CLASS, Cast, make_cast

NOW = make.NOW
PHONE = "13812341234"
OLD = KeyRing((Key.new(NOW),))
NEW = KeyRing((Key.new(NOW), *OLD.keys))
ONLY_NEW = KeyRing(NEW.keys[:1])
"""A desk that began after the change and has never found the row under the old key."""


def _call(
    conn: Connection, cast: Cast, ring: KeyRing, *, phone: str = PHONE, name: str = "张建国",
    at: datetime = NOW,
) -> tuple[str, int]:  # fmt: skip
    lon, lat = make.middle()
    report = NewCase(kind=Kind.EVENT, class_code=CLASS, lon=lon, lat=lat, text="垃圾堆放")
    call = NewCall(caller=Caller(phone=phone, name=name), report=report)
    key = f"call-{next(make._serial)}"
    taken = take_call(conn, actor=cast.acceptor, ring=ring, call=call, key=key, now=at)
    return taken.case.number, taken.caller_id


def _change(conn: Connection) -> None:
    while seal_again(conn, NEW, actor=SYSTEM, now=NOW):
        pass


def _close(conn: Connection) -> None:
    conn.execute(
        text("UPDATE cases SET open = false, state = 'CLOSED', closed_at = :now"), {"now": NOW}
    )


def test_a_number_under_both_keys_is_one_caller_after_the_change(
    conn: Connection, cast: Cast
) -> None:
    first, older = _call(conn, cast, OLD)
    second, newer = _call(conn, cast, ONLY_NEW, name="", at=NOW + timedelta(hours=1))
    assert older != newer
    _change(conn)
    assert keys_in_use(conn, actor=SYSTEM) == {NEW.active.id: 1}
    card = caller_card(conn, actor=cast.acceptor, ring=ONLY_NEW, phone=PHONE)
    assert card is not None
    assert (card.caller_id, card.name, card.since) == (newer, "张**", NOW)
    assert [one.number for one in card.cases] == [second, first]
    row = conn.execute(text("SELECT * FROM caller WHERE id = :id"), {"id": older}).one()
    assert (row.phone_cipher, row.name_cipher, row.phone_masked) == (None, None, "")
    trails = conn.execute(
        text("SELECT subject_id, data FROM audit_event WHERE action = 'merged' ORDER BY id")
    )
    assert [tuple(one) for one in trails] == [(older, {"into": newer}), (newer, {"from": older})]
    assert broken_links(conn, subject_type="caller") == []


def test_of_two_names_the_one_said_last_stays(conn: Connection, cast: Cast) -> None:
    _call(conn, cast, OLD, name="李四", at=NOW + timedelta(hours=1))
    _call(conn, cast, ONLY_NEW, name="张三", at=NOW)
    _change(conn)
    card = caller_card(conn, actor=cast.acceptor, ring=NEW, phone=PHONE)
    assert card is not None and card.name == "李**"


def test_who_told_of_one_case_twice_follows_it_once(conn: Connection, cast: Cast) -> None:
    number, older = _call(conn, cast, OLD)
    caller = Caller(phone=PHONE)
    newer = join_case(
        conn, actor=cast.acceptor, ring=ONLY_NEW, number=number, caller=caller, key="j", now=NOW
    )
    case_id = conn.execute(text("SELECT id FROM cases")).scalar_one()
    for caller_id in (older, newer):  # told by the same step, and in the same words by hand
        for event in ("(SELECT max(id) FROM case_event)", "NULL"):
            conn.execute(
                text(
                    "INSERT INTO case_reply (case_id, about_id, event_id, kind, words, caller_id,"
                    f" made_at) VALUES (:c, :c, {event}, 'written', '已派人', :caller, :now)"
                ),
                {"c": case_id, "caller": caller_id, "now": NOW},
            )
    _change(conn)
    (shown,) = callers_of_case(conn, number, actor=cast.acceptor, ring=NEW)
    assert (shown.caller_id, shown.rang) == (newer, Rang.REPORTED)
    who = conn.execute(text("SELECT caller_id, own FROM case_reporter")).all()
    assert [tuple(one) for one in who] == [(newer, True)]
    told = conn.execute(text("SELECT caller_id FROM case_reply")).scalars().all()
    assert told == [newer, newer]


def test_tries_to_reach_both_are_one_series_by_time(conn: Connection, cast: Cast) -> None:
    number, older = _call(conn, cast, OLD)
    newer = join_case(
        conn, actor=cast.acceptor, ring=ONLY_NEW, number=number, caller=Caller(phone=PHONE),
        key="j", now=NOW,
    )  # fmt: skip
    _close(conn)
    for caller_id, try_no, days in ((newer, 1, 1), (older, 1, 2), (newer, 2, 3)):
        answer = CallBackAnswer(
            number=number, caller_id=caller_id, version=1, try_no=try_no, reached=False,
            words=f"第{days}天",
        )  # fmt: skip
        record_call_back(
            conn, actor=cast.acceptor, ring=NEW, answer=answer, now=NOW + timedelta(days=days)
        )
    _change(conn)
    tries = call_backs_of_case(conn, number, actor=cast.acceptor)
    assert [(one.try_no, one.words) for one in tries] == [(3, "第3天"), (2, "第2天"), (1, "第1天")]


def test_looks_at_a_number_count_for_the_caller_it_became(conn: Connection, cast: Cast) -> None:
    auditor = make.make_actor(conn, Role.AUDITOR)
    _, older = _call(conn, cast, OLD)
    reveal(conn, actor=cast.leader, ring=OLD, caller_id=older, reason="约看现场", now=NOW)
    _, newer = _call(conn, cast, ONLY_NEW)
    reveal(conn, actor=cast.leader, ring=NEW, caller_id=newer, reason="再约现场", now=NOW)
    _change(conn)
    (looks,) = reveals_by_person(
        conn, actor=auditor, starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=1),
        zone=ZoneInfo("Asia/Shanghai").key,
    )  # fmt: skip
    assert (looks.reveals, looks.callers) == (2, 1)


def test_two_rows_under_two_older_keys_become_one(conn: Connection, cast: Cast) -> None:
    _, first = _call(conn, cast, OLD)
    _, second = _call(conn, cast, ONLY_NEW)
    third = ring_with_new_key(conn, NEW, actor=SYSTEM, now=NOW)
    assert seal_again(conn, third, actor=SYSTEM, now=NOW) == 2
    assert seal_again(conn, third, actor=SYSTEM, now=NOW) == 0
    card = caller_card(conn, actor=cast.acceptor, ring=KeyRing(third.keys[:1]), phone=PHONE)
    assert card is not None and card.caller_id == first and len(card.cases) == 2


def test_a_change_of_keys_killed_between_batches_ends_when_it_is_repeated(
    fresh_database: ClusterUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    phones = [f"1381234{n:04d}" for n in range(4)]
    with engine.begin() as conn:
        cast = make_cast(conn)
        ring = ring_of(conn, tmp_path, now=NOW)
        for phone in phones:
            _call(conn, cast, ring, phone=phone)
    _kill_after_two(engine, tmp_path, monkeypatch)
    with engine.begin() as conn:
        changed = ring_of(conn, tmp_path, now=NOW)
        for phone in phones[1:3]:  # one sealed anew already is found; the other is kept twice
            _call(conn, cast, KeyRing(changed.keys[:1]), phone=phone)
    assert caller_keeping.change_key(engine, tmp_path, now=NOW) == 5
    with engine.begin() as conn:
        last = KeyRing(ring_of(conn, tmp_path, now=NOW).keys[:1])
        assert keys_in_use(conn, actor=SYSTEM) == {last.active.id: 4}
        cards = [caller_card(conn, actor=cast.acceptor, ring=last, phone=one) for one in phones]
        assert [len(card.cases) if card else 0 for card in cards] == [1, 2, 2, 1]
    engine.dispose()


def _kill_after_two(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []

    def killed(conn: Connection, ring: KeyRing, **_named: object) -> int:
        if len(rounds) == 2:
            raise KeyboardInterrupt
        rounds.append(seal_again(conn, ring, actor=SYSTEM, now=NOW, most=1))
        return rounds[-1]

    with monkeypatch.context() as patched:
        patched.setattr("gis.jobs.caller_keeping.seal_again", killed)
        with pytest.raises(KeyboardInterrupt):
            caller_keeping.change_key(engine, home, now=NOW)
    assert rounds == [1, 1] and key_file(home).exists()
