"""What happens after a commit, by topic."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from gis.audit import outbox
from gis.cases.clocks.queries import LEVELS_CHANGED, look_again
from gis.cases.evidence.checks import look_at_report
from gis.cases.model import Move
from gis.dispatch.automatic import Outcome, dispatch_filed
from gis.jobs.relay import Handler, Message
from gis.log import LOGGER

_REPORTS = frozenset({str(Move.REPORT), str(Move.REPORT_SELF_HANDLED)})


def case_moved(conn: Connection, message: Message, now: datetime) -> None:
    """
    Tell the operators' log that a case went from one state to another, and how late.

    What the city's other systems subscribe to hangs on this topic. The photos of a report are
    compared with its case here, so that no report waits for it. A filed case goes to its department
    where its class is dispatched by the product.
    """
    if message.payload.get("move") in _REPORTS and message.subject_id is not None:
        look_at_report(conn, message.subject_id)
    if message.payload.get("move") == Move.FILE:
        _dispatch(conn, message, now)
    delay_s = (now - message.created_at).total_seconds()
    facts = {**message.payload, "case_id": message.subject_id, "delay_s": round(delay_s, 3)}
    LOGGER.info("case moved", extra={"facts": facts})


def _dispatch(conn: Connection, message: Message, now: datetime) -> None:
    outcome = dispatch_filed(
        conn,
        number=str(message.payload["number"]),
        version=int(message.payload["version"]),
        filed_at=message.created_at,
        now=now,
    )
    if outcome is Outcome.REFUSED:
        LOGGER.warning(
            "automatic dispatch found no rule", extra={"facts": {"case_id": message.subject_id}}
        )


def levels_changed(conn: Connection, message: Message, now: datetime) -> None:
    """
    Have clocks that run looked at by the changed levels, one batch a message.

    Cases that are being moved at this moment are asked for again by a message of their own.
    """
    done = look_again(
        conn,
        now=now,
        after=int(message.payload.get("after", 0)),
        cases=message.payload.get("cases"),
    )
    if done.busy:
        outbox.put(conn, LEVELS_CHANGED, now=now, payload={"cases": done.busy})
    if done.last is not None:
        outbox.put(conn, LEVELS_CHANGED, now=now, payload={"after": done.last})


HANDLERS: Mapping[str, Handler] = {"case.moved": case_moved, LEVELS_CHANGED: levels_changed}
"""Every topic that a command puts into the outbox has its handler here (a test compares)."""
