"""
What only the pages offer, made by a process that can be killed: a line asked, a line answered.

    python -m tests.faults.battery.clerk URL HOME

Answers {"made": …}, {"refused": sentence}, {"conflict": sentence} when somebody is at the case,
or {"again": sentence} when nobody knows.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from gis.accounts.model import Actor
from gis.accounts.sessions import actor_of_session
from gis.cases.callers.commands import join_case, take_call
from gis.cases.callers.keeping import ring_of
from gis.cases.callers.records import Caller, NewCall
from gis.cases.clusters.commands import reply
from gis.cases.model import State
from gis.cases.records import NewCase
from gis.db.engine import make_engine, transaction
from gis.dispatch.bulk import make
from gis.dispatch.outcomes import Outcome
from gis.errors import Conflict, GisError, Unavailable
from gis.standards.model import Kind

_Asked = Mapping[str, Any]


class Clerk:
    """The commands behind the pages, by name."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self._engine, self._home = engine, home

    def answer(self, asked: _Asked) -> dict[str, Any]:
        """What became of it."""
        try:
            return {"made": self._make(asked)}
        except (Unavailable, SQLAlchemyError) as error:
            return {"again": str(error)}
        except Conflict as error:
            return {"conflict": error.text("en")}
        except GisError as error:
            return {"refused": f"{asked['do']}: {error.text('en')}"}

    def _make(self, asked: _Asked) -> dict[str, Any]:
        now = datetime.now(UTC)
        with transaction(self._engine) as conn:
            actor = actor_of_session(conn, asked["token"], now=now)
            assert actor is not None, "the session has ended"
            if asked["do"] in _IN_ONE:
                return _IN_ONE[asked["do"]](self, conn, actor, asked, now)
        return self._bulk(actor, asked, now)

    def _reply(
        self, conn: Connection, actor: Actor, asked: _Asked, now: datetime
    ) -> dict[str, Any]:
        told = reply(
            conn, actor=actor, number=asked["number"], words=asked["words"], key=asked["key"],
            now=now,
        )  # fmt: skip
        return {"told": told}

    def _call(self, conn: Connection, actor: Actor, asked: _Asked, now: datetime) -> dict[str, Any]:
        case = NewCase(
            kind=Kind.EVENT, class_code=asked["class_code"], lon=asked["lon"], lat=asked["lat"],
            text=asked["words"],
        )  # fmt: skip
        taken = take_call(
            conn, actor=actor, ring=ring_of(conn, self._home, now=now), key=asked["key"], now=now,
            call=NewCall(caller=Caller(phone=asked["phone"]), report=case),
        )  # fmt: skip
        made = taken.case
        return {"number": made.number, "state": made.state, "version": made.version}

    def _join(self, conn: Connection, actor: Actor, asked: _Asked, now: datetime) -> dict[str, Any]:
        caller_id = join_case(
            conn, actor=actor, ring=ring_of(conn, self._home, now=now), number=asked["number"],
            caller=Caller(phone=asked["phone"]), key=asked["key"], now=now,
        )  # fmt: skip
        return {"caller": caller_id}

    def _bulk(self, actor: Actor, asked: _Asked, now: datetime) -> dict[str, Any]:
        decided = [
            Outcome(number=number, will=True, before=State(state), version=version)
            for number, state, version in asked["cases"]
        ]
        found = make(
            self._engine, actor=actor, decided=decided, move=asked["move"], now=now,
            fields=asked["fields"], key=asked["key"],
        )  # fmt: skip
        for one in found:
            if one.reason is not None:
                raise one.reason
        return {"states": {one.number: str(one.after) for one in found}}


_IN_ONE: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {
    "reply": Clerk._reply, "call": Clerk._call, "join": Clerk._join,
}  # fmt: skip
"""Commands of one transaction; making moves in bulk has one for each case."""


def main(url: str, home: str) -> None:
    """Answer until nobody asks any more."""
    clerk = Clerk(make_engine(url, pool_size=1), Path(home))
    for line in sys.stdin:
        print(json.dumps(clerk.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
