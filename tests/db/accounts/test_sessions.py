"""Sessions: opened, read, idle, ended, revoked; the lock after failures; the demo's door."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.commands import create_person, deactivate_person, set_password
from gis.accounts.model import SYSTEM, Role
from gis.accounts.passwords import hash_password, verify
from gis.accounts.people_rules import PersonDraft
from gis.accounts.sessions import (
    actor_of_session,
    demo_is_open,
    demo_roles,
    end_session,
    enter_demo,
    hash_of,
    open_session,
)
from gis.accounts.signing_in import Credentials, credentials_of, finish
from gis.audit.trail import broken_links
from tests.factories import DISTRICT, NOW, make_person, set_setting

PASSWORD = "seven quiet bridges"
HASH = hash_password(PASSWORD)


@pytest.fixture
def person_id(conn: Connection) -> int:
    return make_person(
        conn, roles=(Role.DISPATCHER,), login="wang.min", password_hash=HASH, name="王敏"
    )


def test_a_session_answers_with_roles_and_scope(conn: Connection, person_id: int) -> None:
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    actor = actor_of_session(conn, token, now=NOW)
    assert actor is not None
    assert (actor.name, actor.roles) == ("王敏", frozenset({Role.DISPATCHER}))
    assert actor.scope.prefixes == (DISTRICT,)
    assert actor.scope.department_id is None


def test_only_the_hash_of_a_token_is_stored(conn: Connection, person_id: int) -> None:
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    row = conn.execute(text("SELECT * FROM web_session")).one()
    assert bytes(row.token_hash) == hash_of(token)
    assert token not in str(row)
    assert len(token) >= 43  # 256 bits in base64


def test_a_handler_alone_sees_only_the_department(conn: Connection) -> None:
    person_id = make_person(conn, roles=(Role.HANDLER,))
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    actor = actor_of_session(conn, token, now=NOW)
    assert actor is not None
    assert actor.scope.department_id == actor.department_id


def test_posts_that_ended_or_have_not_begun_give_nothing(conn: Connection) -> None:
    person_id = make_person(conn)
    conn.execute(
        text(
            "INSERT INTO post (person_id, role, area_code, valid_from, valid_to) VALUES"
            " (:p, 'manager', '110101', '2026-01-01', '2026-11-18'),"
            " (:p, 'auditor', '110101', '2026-11-19', NULL),"
            " (:p, 'planner', '110101001', '2026-11-18', '2026-11-19')"
        ),
        {"p": person_id},
    )
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    actor = actor_of_session(conn, token, now=NOW)
    assert actor is not None
    assert actor.roles == frozenset({Role.PLANNER})
    assert actor.scope.prefixes == ("110101001",)


def test_the_day_of_a_post_is_the_districts_day(conn: Connection) -> None:
    person_id = make_person(conn)
    conn.execute(
        text(
            "INSERT INTO post (person_id, role, area_code, valid_from)"
            " VALUES (:p, 'planner', '110101', '2026-11-19')"
        ),
        {"p": person_id},
    )
    just_after_midnight_there = datetime(2026, 11, 18, 16, 1, tzinfo=UTC)
    set_setting(conn, "session_idle_minutes", 24 * 60)
    set_setting(conn, "session_absolute_hours", 24)
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    before = actor_of_session(conn, token, now=just_after_midnight_there - timedelta(minutes=2))
    token, _ = open_session(conn, person_id=person_id, now=just_after_midnight_there)
    after = actor_of_session(conn, token, now=just_after_midnight_there)
    assert before is not None
    assert after is not None
    assert (before.roles, after.roles) == (frozenset(), frozenset({Role.PLANNER}))


@pytest.mark.parametrize(("minutes", "alive"), [(0, True), (29, True), (30, False), (31, False)])
def test_a_session_ends_after_half_an_hour_of_silence(
    conn: Connection, person_id: int, minutes: int, alive: bool
) -> None:
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    later = NOW + timedelta(minutes=minutes)
    assert (actor_of_session(conn, token, now=later) is not None) is alive


def test_use_keeps_a_session_alive_until_its_absolute_end(conn: Connection, person_id: int) -> None:
    token, expires_at = open_session(conn, person_id=person_id, now=NOW)
    assert expires_at == NOW + timedelta(hours=12)
    now = NOW
    while now < expires_at - timedelta(minutes=20):
        now += timedelta(minutes=20)
        if now < expires_at:
            assert actor_of_session(conn, token, now=now) is not None, now
    assert actor_of_session(conn, token, now=expires_at) is None


def test_the_districts_own_limits_count(conn: Connection, person_id: int) -> None:
    set_setting(conn, "session_idle_minutes", 5)
    set_setting(conn, "session_absolute_hours", 1)
    token, expires_at = open_session(conn, person_id=person_id, now=NOW)
    assert expires_at == NOW + timedelta(hours=1)
    assert actor_of_session(conn, token, now=NOW + timedelta(minutes=6)) is None


def test_signing_out_ends_the_session_at_once(conn: Connection, person_id: int) -> None:
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    other, _ = open_session(conn, person_id=person_id, now=NOW)
    end_session(conn, token, now=NOW)
    assert actor_of_session(conn, token, now=NOW) is None
    assert actor_of_session(conn, other, now=NOW) is not None


def test_deactivating_a_person_ends_every_session(conn: Connection, person_id: int) -> None:
    tokens = [open_session(conn, person_id=person_id, now=NOW)[0] for _ in range(3)]
    ended = deactivate_person(conn, actor=SYSTEM, person_id=person_id, now=NOW, expected_version=1)
    assert ended == 3
    assert [actor_of_session(conn, token, now=NOW) for token in tokens] == [None] * 3


@pytest.mark.parametrize("token", [None, "", "nonsense", "x" * 5000])
def test_a_wrong_token_is_nobody(conn: Connection, token: str | None) -> None:
    assert actor_of_session(conn, token, now=NOW) is None


def _try(conn: Connection, password: str, now: datetime = NOW) -> bool:
    known = credentials_of(conn, "wang.min")
    matches = verify(known.password_hash, password)
    return finish(conn, known, matches=matches, now=now) is not None


def test_the_right_password_signs_in_and_the_login_ignores_case(
    conn: Connection, person_id: int
) -> None:
    assert _try(conn, PASSWORD)
    assert credentials_of(conn, "Wang.Min").person_id == person_id


def test_after_five_failures_the_right_password_is_refused_too(
    conn: Connection, person_id: int
) -> None:
    assert not any(_try(conn, "wrong") for _ in range(5))
    assert not _try(conn, PASSWORD)
    assert not _try(conn, PASSWORD, NOW + timedelta(minutes=14, seconds=59))
    assert _try(conn, PASSWORD, NOW + timedelta(minutes=15, seconds=1))
    assert broken_links(conn) == []


def test_a_success_forgets_earlier_failures(conn: Connection, person_id: int) -> None:
    for _ in range(4):
        _try(conn, "wrong")
    assert _try(conn, PASSWORD)
    for _ in range(4):
        _try(conn, "wrong")
    assert _try(conn, PASSWORD)


def test_a_new_password_opens_a_locked_account_and_ends_sessions(
    conn: Connection, person_id: int
) -> None:
    token, _ = open_session(conn, person_id=person_id, now=NOW)
    for _ in range(5):
        _try(conn, "wrong")
    set_password(
        conn, actor=SYSTEM, person_id=person_id, password_hash=hash_password("a new long one"),
        now=NOW,
    )  # fmt: skip
    assert actor_of_session(conn, token, now=NOW) is None
    assert _try(conn, "a new long one")


def test_an_unknown_login_is_verified_against_something(conn: Connection) -> None:
    known = credentials_of(conn, "nobody.here")
    assert known == Credentials(None, None)
    assert not verify(known.password_hash, "somebody who is not there")
    assert finish(conn, known, matches=True, now=NOW) is None


def test_a_person_without_a_password_cannot_sign_in(conn: Connection) -> None:
    make_person(conn, login="wang.min", roles=(Role.MANAGER,))
    assert not _try(conn, "")


def _demo(conn: Connection) -> int:
    set_setting(conn, "demo", {"seed": 1})
    return make_person(conn, roles=(Role.ACCEPTOR,), demo=True)


def test_one_click_needs_the_mark_of_the_generator(conn: Connection) -> None:
    make_person(conn, roles=(Role.ACCEPTOR,), demo=True)
    assert not demo_is_open(conn)
    assert enter_demo(conn, Role.ACCEPTOR, now=NOW) is None


def test_one_click_offers_the_roles_that_somebody_has(conn: Connection) -> None:
    _demo(conn)
    assert demo_roles(conn) == [Role.ACCEPTOR]
    assert enter_demo(conn, Role.ACCEPTOR, now=NOW) is not None
    assert enter_demo(conn, Role.AUDITOR, now=NOW) is None


def test_the_first_real_person_ends_one_click_and_its_sessions(conn: Connection) -> None:
    _demo(conn)
    opened = enter_demo(conn, Role.ACCEPTOR, now=NOW)
    assert opened is not None
    department_id = conn.execute(text("SELECT id FROM department")).scalar_one()
    draft = PersonDraft("real.person", "Real", department_id)
    create_person(conn, actor=SYSTEM, draft=draft, now=NOW)
    assert not demo_is_open(conn)
    assert actor_of_session(conn, opened[0], now=NOW) is None
    assert enter_demo(conn, Role.ACCEPTOR, now=NOW) is None
    conn.execute(text("UPDATE person SET active = false WHERE login = 'real.person'"))
    assert not demo_is_open(conn), "what was real is not opened again"
