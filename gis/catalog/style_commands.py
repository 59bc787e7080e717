"""Changing how a layer looks: every change is a new version, none is lost."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, null, select, text

from gis.accounts.model import Actor, Permission, acting_role
from gis.accounts.settings import require_whole_district
from gis.audit import trail
from gis.catalog.layers import Layer
from gis.catalog.style_check import check_style
from gis.catalog.styles import RawStyle, newest_row, shipped
from gis.catalog.tables import layer_style
from gis.db.settings import read_setting
from gis.errors import Conflict, Invalid, NotFound, Refused, fault
from gis.i18n import N_

NOTE_MOST = 200
STYLE_BYTES_MOST = 64_000
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('layer_style'))")


def save_style(
    conn: Connection,
    *,
    actor: Actor,
    layer: Layer,
    raw: RawStyle,
    note: str,
    expected_version: int,
    now: datetime,
) -> int:
    """
    Let a layer look like `raw` from now on; answers the new version.

    Tiles stay as they are: a style changes what the browser paints, not what it is sent. Pages
    see it at their next run, an open map when it is loaded again.

    Raises
    ------
    Forbidden
        Without the right to manage styles, or with posts over a part of the district only.
    Conflict
        Somebody saved another version after `expected_version` was read (0: none was).
    Invalid
        With every fault of the style, or of the note.
    Refused
        Nothing would change.
    """
    require_whole_district(conn, actor, Permission.MANAGE_STYLES)
    check_style(raw, layer)
    if len(json.dumps(raw, ensure_ascii=False).encode()) > STYLE_BYTES_MOST:
        raise Invalid(
            N_("This style cannot be drawn; nothing was saved."),
            faults=[fault("style", N_("It is longer than {most} bytes."), most=STYLE_BYTES_MOST)],
        )
    current = _locked(conn, layer, expected_version)
    if raw == current:
        raise Refused(N_("The layer looks like this already; nothing was saved."))
    return _append(conn, actor, layer, raw, note, expected_version + 1, now)


def undo_style(
    conn: Connection, *, actor: Actor, layer: Layer, to_version: int, expected_version: int,
    now: datetime,
) -> int:  # fmt: skip
    """
    Let a layer look as it did in an earlier version, 0 as shipped; answers the new version.

    Raises
    ------
    Forbidden, Conflict
        As for `save_style`.
    NotFound
        There is no such version.
    Invalid
        The layer has changed so that the old style does not fit any more.
    Refused
        The layer looks like this already.
    """
    require_whole_district(conn, actor, Permission.MANAGE_STYLES)
    current = _locked(conn, layer, expected_version)
    raw = _version(conn, layer, to_version) if to_version else None
    if (raw if raw is not None else shipped()[layer.id]) == current:
        raise Refused(N_("The layer looks like this already; nothing was saved."))
    if raw is not None:
        check_style(raw, layer)
    note = f"← {to_version}"
    return _append(conn, actor, layer, raw, note, expected_version + 1, now)


def _locked(conn: Connection, layer: Layer, expected_version: int) -> RawStyle:
    """The style in force, under a lock that makes the next writer wait."""
    conn.execute(_LOCK)
    row = newest_row(conn, layer.id)
    version = row.version if row is not None else 0
    if version != expected_version:
        zone = ZoneInfo(str(read_setting(conn, "time_zone")))
        at = row.made_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row is not None else "–"
        raise Conflict(
            N_("{name} saved version {version} at {at}. Load it, then change it again if needed."),
            name=(row.maker if row is not None else None) or "–",
            version=version,
            at=at,
        )
    style: RawStyle = row.style if row is not None and row.style else shipped()[layer.id]
    return style


def _version(conn: Connection, layer: Layer, version: int) -> RawStyle | None:
    held = select(layer_style.c.style).where(
        layer_style.c.layer == layer.id, layer_style.c.version == version
    )
    row = conn.execute(held).one_or_none()
    if row is None:
        raise NotFound(N_("This layer has no saved version {version}."), version=version)
    style: RawStyle | None = row.style
    return style


def _append(
    conn: Connection, actor: Actor, layer: Layer, raw: RawStyle | None, note: str, version: int,
    now: datetime,
) -> int:  # fmt: skip
    note = note.strip()
    if len(note) > NOTE_MOST:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[fault("note", N_("A note has at most {most} characters."), most=NOTE_MOST)],
        )
    values: dict[str, Any] = {
        "layer": layer.id, "version": version, "note": note, "made_by": actor.person_id,
        "made_at": now, "style": raw if raw is not None else null(),
    }  # fmt: skip
    conn.execute(insert(layer_style).values(values))
    trail.record(
        conn,
        subject_type="layer_style",
        subject_id=int(str(read_setting(conn, "district_code"))),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_STYLES),
        action="saved" if raw is not None else "shipped_again",
        at=now,
        data={"layer": layer.id, "version": version, "note": note},
    )
    return version
