"""Who rang the citizen line about the generated cases, and how they found the result."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, text

from gis.accounts.model import Role
from gis.cases.callers.call_backs import record_call_back
from gis.cases.callers.commands import keep_call
from gis.cases.callers.records import About, CallBackAnswer, Caller, Rang, Satisfied
from gis.cases.callers.sealing import KeyRing
from gis.cases.settings import CaseSettings
from gis.demo.cast import Cast
from gis.demo.sizes import behaviour, read_rows, word_list

_MINUTE = timedelta(minutes=1)
_ASKED_SINCE = timedelta(days=30)
"""Older cases were not asked about: a load of a large district would take too long."""
_NUMBERS = "1000000{:04d}"
"""No number of any network begins like this."""
_REPORTED = text(
    "SELECT id, number, reporter_id, reported_at, coalesce(closed_at, :now) AS until FROM cases"
    " WHERE source = 'call_desk' ORDER BY reported_at, id"
)
_OPEN = text(
    "SELECT id, number, reported_at, :now AS until FROM cases WHERE source = 'supervisor'"
    " AND state IN ('HANDLING', 'PENDING_HANDLE', 'PENDING_CHECK') ORDER BY id LIMIT :most"
)
_ENDED = text(
    "SELECT c.number, c.version, c.closed_at, r.caller_id FROM cases c"
    " JOIN caller_call r ON r.case_id = c.id AND r.kind = 'reported'"
    " WHERE c.state = 'CLOSED' AND c.closed_at > :since AND c.closed_at < :ripe"
    " ORDER BY c.closed_at, c.id"
)


@dataclass(frozen=True)
class _Call:
    at: datetime
    taken_by: int
    caller: Caller
    about: About


class Calling:
    """Plays the calls by the commands of the call desk: numbers are sealed as theirs are."""

    def __init__(
        self, conn: Connection, cast: Cast, ring: KeyRing, rng: np.random.Generator, now: datetime
    ) -> None:
        self.conn, self.cast, self.ring, self.rng, self.now = conn, cast, ring, rng, now
        self._acceptors = cast.people.by_role[Role.ACCEPTOR]
        self._said: dict[str, list[str]] = {}
        for row in read_rows("phrases"):
            self._said.setdefault(row["purpose"], []).append(row["text"])

    def ring_up(self) -> int:
        """Everybody rings, in the order of time; answers how many calls there were."""
        reported = self.conn.execute(_REPORTED, {"now": self.now}).all()
        several = [self._caller(n) for n in range(max(4, round(len(reported) * 0.7)))]
        calls = [call for row in reported for call in self._calls_of(row, several)]
        calls += self._joining(several, max(2, len(reported) // 25))
        for call in sorted(calls, key=lambda one: one.at):
            taker = self.cast.actor(call.taken_by)
            keep_call(self.conn, taker, self.ring, call.caller, call.about, call.at)
        return len(calls)

    def call_back(self) -> int:
        """Who rang about every other closed case was asked; the others wait for the newcomer."""
        settings = CaseSettings()
        ripe = self.now - timedelta(days=settings.call_back_after_days)
        span = {"ripe": ripe, "since": self.now - _ASKED_SINCE}
        asked = 0
        for number, row in enumerate(self.conn.execute(_ENDED, span).all()):
            late = row.closed_at < self.now - timedelta(days=settings.call_back_within_days)
            if number % 2 and not late:
                continue
            at = row.closed_at + timedelta(days=settings.call_back_after_days)
            at += self._minutes(10, 600)
            if at < self.now:
                self._ask(row, at)
                asked += 1
        return asked

    def _ask(self, row: Row[Any], at: datetime) -> None:
        reached = bool(self.rng.random() < behaviour()["reached"])
        satisfied = Satisfied(self.rng.choice(list(Satisfied), p=(0.72, 0.19, 0.09)))
        words = self._said[f"call_back:{satisfied}" if reached else "call_back:missed"]
        answer = CallBackAnswer(
            number=row.number,
            caller_id=row.caller_id,
            try_no=1,
            version=row.version,
            reached=reached,
            satisfied=satisfied if reached else None,
            words=words[int(self.rng.integers(len(words)))],
        )
        taker = self.cast.actor(self._one_of_acceptors())
        record_call_back(self.conn, actor=taker, ring=self.ring, answer=answer, now=at)

    def _calls_of(self, row: Row[Any], several: list[Caller]) -> Iterator[_Call]:
        caller = several[int(self.rng.integers(len(several)))]
        yield self._call(row, row.reported_at, caller, Rang.REPORTED, row.reporter_id)
        again = row.reported_at + self._minutes(60, 2000)
        if again < row.until and self.rng.random() < behaviour()["asks_again"]:
            yield self._call(row, again, caller, Rang.ASKED, self._one_of_acceptors())

    def _joining(self, several: list[Caller], many: int) -> Iterator[_Call]:
        for row in self.conn.execute(_OPEN, {"now": self.now, "most": many}).all():
            span = (self.now - row.reported_at) * float(self.rng.uniform(0.1, 0.9))
            caller = several[int(self.rng.integers(len(several)))]
            yield self._call(
                row, row.reported_at + span, caller, Rang.JOINED, self._one_of_acceptors()
            )

    def _call(self, row: Row[Any], at: datetime, caller: Caller, rang: Rang, taker: int) -> _Call:
        return _Call(at, taker, caller, About(row.id, row.number, rang))

    def _caller(self, number: int) -> Caller:
        surname, polite = str(self.rng.choice(word_list("surname"))), ("先生", "女士")
        name = surname + polite[int(self.rng.integers(2))] if self.rng.random() < 0.85 else ""
        return Caller(phone=_NUMBERS.format(number + 1), name=name)

    def _minutes(self, least: int, most: int) -> timedelta:
        return int(self.rng.integers(least, most)) * _MINUTE

    def _one_of_acceptors(self) -> int:
        return self._acceptors[int(self.rng.integers(len(self._acceptors)))]
