"""
Saved views of the map: what is shown and where, under a name.

A view belongs to its owner. Shared with an area, people whose posts lie in it, or above it, can
open it too. It holds the text that stands behind the "#" of the page's address and no data: whoever
opens it sees through it what their own posts allow.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from gis.accounts.commands import changed_meanwhile
from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.accounts.tables import person
from gis.audit import trail
from gis.catalog.tables import map_view
from gis.errors import Fault, Invalid, NotFound, Refused, fault
from gis.i18n import N_

TITLE_MOST = 60
STATE_MOST = 2000
OWN_MOST = 100
SHOWN_MOST = 200
_STATE = re.compile(rf"[A-Za-z0-9_.,:;/*|%&=~+!()'@-]{{1,{STATE_MOST}}}")
_PART_OF_A_VIEW = re.compile(r"(^|&)view=[^&]*")
_SUBJECT = "map_view"
_SHARED_HERE = text(
    "map_view.shared_area_code IS NOT NULL AND EXISTS ("
    "SELECT FROM unnest(CAST(:scope AS text[])) AS post(code)"
    " WHERE post.code ^@ map_view.shared_area_code OR map_view.shared_area_code ^@ post.code)"
)
_LOCK_OWNER = text("SELECT FROM person WHERE id = :id FOR UPDATE")


@dataclass(frozen=True)
class ViewDraft:
    """What a person types and the map adds: a name, the state, with whom it is shared."""

    title: str
    state: str
    shared_area_code: str | None = None
    """None: nobody; "" everybody; else the people of this area."""


@dataclass(frozen=True)
class View:
    """A saved view as a person may open it."""

    id: int
    title: str
    state: str
    shared_area_code: str | None
    owner_id: int
    owner: str
    version: int
    changed_at: datetime

    @property
    def config(self) -> dict[str, Any]:
        """As the browser's map takes it."""
        shared = self.shared_area_code is not None
        return {"id": self.id, "title": self.title, "shared": shared, "state": self.state}


def _faults(draft: ViewDraft) -> list[Fault]:
    found = []
    if not (1 <= len(draft.title) <= TITLE_MOST and draft.title.isprintable()):
        found.append(fault("title", N_("The name has 1 to {most} characters."), most=TITLE_MOST))
    if not _STATE.fullmatch(draft.state):
        found.append(fault("state", N_("This view of the map cannot be read. Save it again.")))
    return found


def checked(actor: Actor, draft: ViewDraft) -> ViewDraft:
    """
    The draft as it is stored: trimmed, without the mark of the view it was opened from.

    Raises
    ------
    Invalid
        Names all faults.
    Forbidden
        When it is shared with an area outside the actor's own.
    """
    state = _PART_OF_A_VIEW.sub("", draft.state.removeprefix("#")).strip("&")
    kept = ViewDraft(draft.title.strip(), state, draft.shared_area_code)
    faults = _faults(kept)
    if faults:
        raise Invalid(N_("The view cannot be saved."), faults=faults)
    if kept.shared_area_code is not None:
        require_area(actor, kept.shared_area_code)
    return kept


def _view(row: Row[Any]) -> View:
    return View(
        row.id, row.title, str(row.state.get("hash", "")), row.shared_area_code, row.owner_id,
        row.owner, row.version, row.changed_at,
    )  # fmt: skip


def views_for(conn: Connection, *, actor: Actor) -> list[View]:
    """
    A person's own views by name, then those shared with them, at most 200.

    Raises
    ------
    Forbidden
        For those who may not see the map.
    """
    require(actor, Permission.VIEW_MAP)
    own = map_view.c.owner_id == actor.person_id
    statement = (
        select(map_view, person.c.name.label("owner"))
        .join(person, person.c.id == map_view.c.owner_id)
        .where(own | _SHARED_HERE.bindparams(scope=actor.scope.as_list()))
        .order_by(own.desc(), map_view.c.title, map_view.c.id)
        .limit(SHOWN_MOST)
    )
    return [_view(row) for row in conn.execute(statement)]


def _record(
    conn: Connection, actor: Actor, view_id: int, action: str, now: datetime, draft: ViewDraft
) -> None:
    trail.record(
        conn,
        subject_type=_SUBJECT,
        subject_id=view_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.VIEW_MAP),
        action=action,
        at=now,
        data={"title": draft.title, "shared_area_code": draft.shared_area_code},
    )


def create_view(conn: Connection, *, actor: Actor, draft: ViewDraft, now: datetime) -> int:
    """
    Save a view; answers its id.

    Raises
    ------
    Forbidden, Invalid
        See `checked`.
    Refused
        When the person keeps as many as one may.
    """
    require(actor, Permission.VIEW_MAP)
    kept = checked(actor, draft)
    conn.execute(_LOCK_OWNER, {"id": actor.person_id})
    held = conn.scalar(
        select(func.count()).where(map_view.c.owner_id == actor.person_id)
    )  # fmt: skip
    if (held or 0) >= OWN_MOST:
        raise Refused(
            N_("You keep {most} views, the most there may be. Delete one first."), most=OWN_MOST
        )
    statement = insert(map_view).values(
        owner_id=actor.person_id, title=kept.title, shared_area_code=kept.shared_area_code,
        state={"hash": kept.state}, version=1, changed_at=now,
    )  # fmt: skip
    view_id = int(conn.execute(statement.returning(map_view.c.id)).scalar_one())
    _record(conn, actor, view_id, "saved", now, kept)
    return view_id


def _locked(conn: Connection, actor: Actor, view_id: int, expected_version: int) -> Row[Any]:
    """The actor's own view, locked; somebody else's is as if it were not there."""
    require(actor, Permission.VIEW_MAP)
    row = conn.execute(
        select(map_view)
        .where(map_view.c.id == view_id, map_view.c.owner_id == actor.person_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(N_("This view is gone, or belongs to somebody else."))
    if row.version != expected_version:
        raise changed_meanwhile(conn, _SUBJECT, view_id)
    return row


def change_view(
    conn: Connection, *, actor: Actor, view_id: int, draft: ViewDraft, expected_version: int,
    now: datetime,
) -> None:  # fmt: skip
    """
    Rename, share or save anew a view of one's own.

    Raises
    ------
    Forbidden, Invalid
        See `checked`.
    NotFound
        When it is gone or somebody else's.
    Conflict
        When it has changed since `expected_version`.
    """
    _locked(conn, actor, view_id, expected_version)
    kept = checked(actor, draft)
    conn.execute(
        update(map_view)
        .where(map_view.c.id == view_id)
        .values(
            title=kept.title, shared_area_code=kept.shared_area_code, state={"hash": kept.state},
            version=expected_version + 1, changed_at=now,
        )
    )  # fmt: skip
    _record(conn, actor, view_id, "changed", now, kept)


def delete_view(
    conn: Connection, *, actor: Actor, view_id: int, expected_version: int, now: datetime
) -> None:
    """
    Delete a view of one's own.

    Raises
    ------
    NotFound, Conflict
        As `change_view`.
    """
    row = _locked(conn, actor, view_id, expected_version)
    conn.execute(delete(map_view).where(map_view.c.id == view_id))
    _record(conn, actor, view_id, "deleted", now, ViewDraft(row.title, "", row.shared_area_code))
