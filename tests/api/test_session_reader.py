"""The reader of sessions: one question for requests that come together, none believed for long."""

import asyncio
import time

import pytest

from gis.accounts.model import Actor, Role, Scope
from gis.api import session
from gis.api.session import FRESH_SECONDS, SessionReader
from gis.errors import Unavailable
from tests.apart import run_apart

SOMEBODY = Actor(1, "x", "x", 1, frozenset({Role.PLANNER}), Scope(("110101",)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that the database was asked for."""
    tokens: list[str] = []

    def read(token: str) -> Actor | None:
        tokens.append(token)
        time.sleep(0.05)
        return SOMEBODY if token == "known" else None

    monkeypatch.setattr(session, "_read", read)
    return tokens


def test_requests_that_come_together_ask_once(asked: list[str]) -> None:
    async def page() -> list[Actor | None]:
        reader = SessionReader()
        return await asyncio.gather(*(reader.read("known") for _ in range(50)))

    assert run_apart(page()) == [SOMEBODY] * 50
    assert asked == ["known"]


def test_two_people_never_share_an_answer(asked: list[str]) -> None:
    async def both() -> list[Actor | None]:
        reader = SessionReader()
        return await asyncio.gather(reader.read("known"), reader.read("stranger"))

    assert run_apart(both()) == [SOMEBODY, None]


def test_without_a_token_nobody_is_asked(asked: list[str]) -> None:
    assert run_apart(SessionReader().read(None)) is None
    assert run_apart(SessionReader().read("")) is None
    assert asked == []


def test_an_answer_is_believed_for_two_seconds_at_most() -> None:
    assert 0 < FRESH_SECONDS <= 2


def test_an_old_answer_and_a_forgotten_one_are_asked_again(asked: list[str]) -> None:
    async def later() -> None:
        reader = SessionReader(fresh_seconds=0.2)
        await reader.read("known")
        reader.forget("known")
        await reader.read("known")
        await asyncio.sleep(0.3)
        await reader.read("known")

    run_apart(later())
    assert len(asked) == 3


def test_a_failure_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([Unavailable("The database does not answer. Try again in a minute."), SOMEBODY])

    def read(_token: str) -> Actor | None:
        answer = next(answers)
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    monkeypatch.setattr(session, "_read", read)

    async def twice() -> Actor | None:
        reader = SessionReader()
        with pytest.raises(Unavailable):
            await reader.read("known")
        return await reader.read("known")

    assert run_apart(twice()) == SOMEBODY


def test_the_reader_holds_no_token_that_could_be_used(asked: list[str]) -> None:
    async def read() -> SessionReader:
        reader = SessionReader()
        await reader.read("known")
        return reader

    assert "known" not in repr(run_apart(read())._held)
