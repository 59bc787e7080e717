"""Handlers of the outbox on a real database."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gis.jobs.handlers import HANDLERS
from gis.jobs.relay import Message

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_changed_layer_gets_a_new_version_each_time(conn: Connection) -> None:
    version = text("SELECT version FROM layer_version WHERE layer = 'cases'")
    message = Message(1, "tiles.changed", 7, {"layer": "cases"}, NOW, 0)
    seen = []
    for _ in range(2):
        HANDLERS[message.topic](conn, message, NOW)
        seen.append(conn.execute(version).scalar_one())
    assert seen[1] == seen[0] + 1
