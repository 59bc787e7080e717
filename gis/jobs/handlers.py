"""What happens after a commit, by topic."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from gis.jobs.relay import Handler, Message
from gis.log import LOGGER


def case_moved(_conn: Connection, message: Message, now: datetime) -> None:
    """
    Tell the operators' log that a case went from one state to another, and how late.

    What the city's other systems subscribe to hangs on this topic.
    """
    delay_s = (now - message.created_at).total_seconds()
    facts = {**message.payload, "case_id": message.subject_id, "delay_s": round(delay_s, 3)}
    LOGGER.info("case moved", extra={"facts": facts})


HANDLERS: Mapping[str, Handler] = {"case.moved": case_moved}
"""Every topic that a command puts into the outbox has its handler here (a test compares)."""
