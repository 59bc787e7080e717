"""What happens after a commit, by topic."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from gis.catalog.commands import bump_layers
from gis.jobs.relay import Handler, Message
from gis.log import LOGGER


def tiles_changed(conn: Connection, message: Message, now: datetime) -> None:
    """End every cached tile of the layer whose rows a transaction changed."""
    bump_layers(conn, [message.payload["layer"]], now=now)


def case_moved(_conn: Connection, message: Message, now: datetime) -> None:
    """
    Tell the operators' log that a case went from one state to another, and how late.

    What the city's other systems subscribe to hangs on this topic.
    """
    delay_s = (now - message.created_at).total_seconds()
    facts = {**message.payload, "case_id": message.subject_id, "delay_s": round(delay_s, 3)}
    LOGGER.info("case moved", extra={"facts": facts})


HANDLERS: Mapping[str, Handler] = {
    "case.moved": case_moved,
    "tiles.changed": tiles_changed,
}
"""Every topic that a command puts into the outbox has its handler here (a test compares)."""
