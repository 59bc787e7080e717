"""Automatic dispatch: which classes the product dispatches by itself, and doing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Actor, Permission, acting_role
from gis.accounts.settings import require_whole_district
from gis.audit import trail
from gis.cases.model import Move, State
from gis.db.settings import read_setting
from gis.dispatch.commands import move_case
from gis.errors import Invalid, Refused
from gis.i18n import N_
from gis.standards.model import Kind

ANSWERS_MOST = 1_000
_ANSWERS = text(
    "SELECT a.kind, a.class_code, a.automatic, a.starts_at, p.name"
    " FROM dispatch_automatic a LEFT JOIN person p ON p.id = a.set_by"
    " WHERE a.edition = :edition AND (CAST(:kind AS text) IS NULL OR a.kind = :kind)"
    " AND (CAST(:class_code AS text) IS NULL OR CAST(:class_code AS text) ^@ a.class_code)"
    " ORDER BY a.kind, a.class_code, a.starts_at DESC LIMIT :most"
)
_KNOWN = text(
    "SELECT EXISTS (SELECT FROM case_class WHERE kind = :kind AND edition = :edition"
    " AND NOT reserved AND code ^@ CAST(:class_code AS text))"
)
_SET = text(
    "INSERT INTO dispatch_automatic"
    " (kind, edition, class_code, automatic, starts_at, set_at, set_by)"
    " VALUES (:kind, :edition, :class_code, :automatic, :starts_at, :now, :by)"
    " ON CONFLICT ON CONSTRAINT one_answer_per_class_and_moment DO UPDATE"
    " SET automatic = excluded.automatic, set_at = excluded.set_at, set_by = excluded.set_by"
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('dispatch_automatic'))")
_FILED = text("SELECT kind, edition, class_code, state, version FROM cases WHERE number = :number")


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether cases of a class are dispatched by the product, from a moment on."""

    kind: Kind
    class_code: str
    """Class, main class, or empty: every class of the kind."""
    automatic: bool
    starts_at: datetime
    set_by: str | None = None


class Outcome(StrEnum):
    """What became of a filed case."""

    DISPATCHED = "dispatched"
    BY_HAND = "by_hand"
    """Its class is left to dispatchers."""
    MOVED_ON = "moved_on"
    """Somebody was faster, or it was dispatched by an earlier delivery."""
    REFUSED = "refused"
    """No rule fits, or the one that does is faulty: it waits for a dispatcher."""


def answers(
    conn: Connection, edition: str, *, kind: str | None = None, class_code: str | None = None
) -> list[Answer]:
    """What was set, by class, the newest first; all, or what speaks about one class."""
    rows = conn.execute(
        _ANSWERS,
        {"edition": edition, "kind": kind, "class_code": class_code, "most": ANSWERS_MOST},
    )
    return [
        Answer(Kind(row.kind), row.class_code, row.automatic, row.starts_at, row.name)
        for row in rows
    ]


def is_automatic(known: Iterable[Answer], *, kind: str, class_code: str, at: datetime) -> bool:
    """
    Whether a case filed at `at` is dispatched by the product.

    The narrowest class that was spoken about by then decides, and of it the
    newest answer. Nothing was said: by hand.
    """
    spoken = [
        one
        for one in known
        if one.kind == kind and class_code.startswith(one.class_code) and one.starts_at <= at
    ]
    if not spoken:
        return False
    return max(spoken, key=lambda one: (len(one.class_code), one.starts_at)).automatic


def set_automatic(
    conn: Connection,
    *,
    actor: Actor,
    kind: str,
    class_code: str,
    automatic: bool,
    starts_at: datetime,
    now: datetime,
) -> None:
    """
    Dispatch a class by the product, or leave it to people, from a moment on.

    Raises
    ------
    Forbidden
        Without the right to manage rules.
    Invalid
        For a class that the edition does not have, or a moment that is over.
    """
    require_whole_district(conn, actor, Permission.MANAGE_RULES)
    edition = str(read_setting(conn, "edition"))
    wanted = {"kind": kind, "edition": edition, "class_code": class_code}
    if kind not in set(Kind) or not conn.scalar(_KNOWN, wanted):
        raise Invalid(N_("No class of this edition begins with {value}."), value=class_code[:50])
    if starts_at < now:
        raise Invalid(N_("Automatic dispatch can begin now or later, not in the past."))
    conn.execute(_LOCK)
    said = wanted | {"automatic": automatic, "starts_at": starts_at}
    conn.execute(_SET, said | {"now": now, "by": actor.person_id})
    trail.record(
        conn,
        subject_type="dispatch_automatic",
        subject_id=int(read_setting(conn, "district_code")),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_RULES),
        action="set",
        at=now,
        data=said,
    )


def dispatch_filed(
    conn: Connection, *, number: str, version: int, filed_at: datetime, now: datetime
) -> Outcome:
    """
    Dispatch a case that was filed, in the name of the product, where its class says so.

    Asked twice, it dispatches once: only the version that the filing made is
    moved. A case that waits stands in the dispatchers' queue like any other.

    Raises
    ------
    Conflict
        When somebody moves the case at this moment; ask again.
    """
    case = conn.execute(_FILED, {"number": number}).one_or_none()
    if case is None or (case.state, case.version) != (State.PENDING_DISPATCH, version):
        return Outcome.MOVED_ON
    known = answers(conn, case.edition, kind=case.kind, class_code=case.class_code)
    if not is_automatic(known, kind=case.kind, class_code=case.class_code, at=filed_at):
        return Outcome.BY_HAND
    try:
        move_case(
            conn, actor=SYSTEM, number=number, move=Move.DISPATCH, fields={},
            expected_version=version, now=now,
        )  # fmt: skip
    except Refused:
        return Outcome.REFUSED
    return Outcome.DISPATCHED
