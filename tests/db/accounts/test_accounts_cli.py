"""The first administrator and the other account commands, as typed."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from gis.__main__ import main
from gis.accounts.model import Role
from gis.accounts.passwords import verify
from gis.accounts.sessions import actor_of_session, demo_is_open, enter_demo, open_session
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests.factories import make_person, set_setting

PASSWORD = "seven quiet bridges"


@pytest.fixture
def database_of_cli(
    fresh_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    monkeypatch.setenv("WANMI_OWNER_DATABASE_URL", fresh_database.owner_url)
    monkeypatch.setenv("WANMI_LANG", "en")
    close_runtime()
    engine = make_engine(fresh_database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()


def _type(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))


CREATE = ["accounts", "create-admin", "--login", "chen.jing", "--name", "陈静"]


def test_the_first_administrator_signs_in_and_ends_the_demo(
    database_of_cli: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    with database_of_cli.begin() as conn:
        set_setting(conn, "demo", {"seed": 1})
        make_person(conn, roles=(Role.PLANNER,), demo=True)
        visitor = enter_demo(conn, Role.PLANNER, now=now)
    assert visitor is not None
    _type(monkeypatch, PASSWORD)
    assert main(CREATE) == 0
    with database_of_cli.begin() as conn:
        row = conn.execute(text("SELECT * FROM person WHERE login = 'chen.jing'")).one()
        assert verify(row.password_hash, PASSWORD)
        assert row.demo is False
        assert not demo_is_open(conn)
        assert actor_of_session(conn, visitor[0], now=now) is None
        token, _ = open_session(conn, person_id=row.id, now=now)
        actor = actor_of_session(conn, token, now=now)
    assert actor is not None
    assert (actor.roles, actor.scope.prefixes) == (frozenset({Role.ADMINISTRATOR}), ("110101",))
    assert PASSWORD not in capsys.readouterr().out


def test_a_weak_password_makes_no_account(
    database_of_cli: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, "short")
    assert main(CREATE) == 1
    assert "at least 12 characters" in capsys.readouterr().err
    with database_of_cli.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM person")).scalar_one() == 0


def test_sessions_end_and_passwords_change_from_the_command_line(
    database_of_cli: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    _type(monkeypatch, PASSWORD)
    main(CREATE)
    with database_of_cli.begin() as conn:
        person_id = conn.execute(text("SELECT id FROM person")).scalar_one()
        token, _ = open_session(conn, person_id=person_id, now=now)
    assert main(["accounts", "revoke", "--login", "chen.jing"]) == 0
    with database_of_cli.begin() as conn:
        assert actor_of_session(conn, token, now=now) is None
    _type(monkeypatch, "another long password")
    assert main(["accounts", "set-password", "--login", "chen.jing"]) == 0
    capsys.readouterr()
    assert main(["accounts", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["login"], listed["posts"]) == ("chen.jing", "administrator 110101")
    assert "hash" not in listed
    assert main(["accounts", "revoke", "--login", "nobody"]) == 1
    assert "Nobody has the login nobody." in capsys.readouterr().err
