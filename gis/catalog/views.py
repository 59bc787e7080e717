"""
Saved views of the map: what is shown and where, under a name.

A view holds the text that stands behind the "#" of the page's address and no data: whoever opens it
sees through it what their own posts allow.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, update

from gis.accounts.keepsakes import Keepsakes, check_sharing, hold_person, title_faults
from gis.accounts.model import Actor, Permission, require
from gis.catalog.tables import map_view
from gis.errors import Invalid, fault
from gis.i18n import N_

STATE_MOST = 2000
OWN_MOST = 100
_STATE = re.compile(rf"[A-Za-z0-9_.,:;/*|%&=~+!()'@-]{{1,{STATE_MOST}}}")
_PART_OF_A_VIEW = re.compile(r"(^|&)view=[^&]*")
_VIEWS = Keepsakes(
    table=map_view,
    subject="map_view",
    permission=Permission.VIEW_MAP,
    most=OWN_MOST,
    full=N_("You keep {most} views, the most there may be. Delete one first."),
    gone=N_("This view is gone, or belongs to somebody else."),
)


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
    faults = title_faults(kept.title)
    if not _STATE.fullmatch(state):
        faults.append(fault("state", N_("This view of the map cannot be read. Save it again.")))
    if faults:
        raise Invalid(N_("The view cannot be saved."), faults=faults)
    check_sharing(actor, kept.shared_area_code)
    return kept


def _kept(view: ViewDraft) -> dict[str, Any]:
    return {"title": view.title, "shared_area_code": view.shared_area_code}


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
    return [_view(row) for row in _VIEWS.shown(conn, actor)]


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
    hold_person(conn, actor)
    _VIEWS.check_room(conn, actor)
    statement = insert(map_view).values(
        **_kept(kept), owner_id=actor.person_id, state={"hash": kept.state}, version=1,
        changed_at=now,
    )  # fmt: skip
    view_id = int(conn.execute(statement.returning(map_view.c.id)).scalar_one())
    _VIEWS.record(conn, actor, view_id, "saved", now, _kept(kept))
    return view_id


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
    _VIEWS.own(conn, actor, view_id, expected_version)
    kept = checked(actor, draft)
    conn.execute(
        update(map_view)
        .where(map_view.c.id == view_id)
        .values(
            **_kept(kept), state={"hash": kept.state}, version=expected_version + 1,
            changed_at=now,
        )
    )  # fmt: skip
    _VIEWS.record(conn, actor, view_id, "changed", now, _kept(kept))


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
    row = _VIEWS.own(conn, actor, view_id, expected_version)
    conn.execute(delete(map_view).where(map_view.c.id == view_id))
    gone = {"title": row.title, "shared_area_code": row.shared_area_code}
    _VIEWS.record(conn, actor, view_id, "deleted", now, gone)
