"""The outbox relay: messages of committed transactions, handed to their handlers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, update

from gis.audit.tables import outbox
from gis.db.engine import transaction
from gis.db.sqlfile import load_sql
from gis.log import report

BATCH = 50
ERROR_MOST = 500

_TAKE = load_sql(__package__, "take_messages")


@dataclass(frozen=True)
class Message:
    """One row of the outbox."""

    id: int
    topic: str
    subject_id: int | None
    payload: dict[str, Any]
    created_at: datetime
    attempts: int
    """How often its handler has failed."""


Handler = Callable[[Connection, Message, datetime], None]
"""
Does what a message asks for; `now` is its last argument.

What it writes through the connection happens exactly once, together with the mark that the
message is delivered. What it does outside may happen again after a kill: it must bear that.
"""


@dataclass(frozen=True)
class Delivered:
    """What one round did."""

    delivered: int
    failed: int

    @property
    def seen(self) -> int:
        """Messages whose turn had come."""
        return self.delivered + self.failed


class NoHandlerError(LookupError):
    """A message with a topic that this version does not know; it waits for one that does."""


def deliver(
    engine: Engine, handlers: Mapping[str, Handler], *, now: datetime, most: int = BATCH
) -> Delivered:
    """
    Deliver the messages whose turn has come, oldest first, at most `most`, in one transaction.

    At least once and in no promised order: a message that failed waits 2, 4, 8 … seconds while
    later ones go on. One that fails does not harm its neighbours, since each handler works
    behind a savepoint. Several workers share the messages; none waits for another.
    """
    failed = 0
    with transaction(engine) as conn:
        rows = conn.execute(_TAKE, {"now": now, "most": most}).all()
        for row in rows:
            failed += not _deliver_one(conn, handlers, Message(*row), now)
    return Delivered(len(rows) - failed, failed)


def _deliver_one(
    conn: Connection, handlers: Mapping[str, Handler], message: Message, now: datetime
) -> bool:
    result: dict[str, Any] = {"delivered_at": now, "last_error": None}
    try:
        with conn.begin_nested():
            _handler(handlers, message)(conn, message, now)
    except Exception as error:  # noqa: BLE001  whatever it is, the others must go on
        if conn.invalidated:  # the database is gone, and with it the whole batch
            raise
        reference = report(error, topic=message.topic, message_id=message.id)
        said = f"{reference} {type(error).__name__}: {error}"
        result = {"attempts": message.attempts + 1, "last_error": said[:ERROR_MOST]}
    conn.execute(update(outbox).where(outbox.c.id == message.id).values(result))
    return "delivered_at" in result


def _handler(handlers: Mapping[str, Handler], message: Message) -> Handler:
    try:
        return handlers[message.topic]
    except KeyError:
        raise NoHandlerError(message.topic) from None
