"""The file of the keys: `secrets/callers.json` of this copy, made once, never by mistake."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from gis.cases.callers.sealing import Key, KeyRing, ring_as_text, ring_from_text
from gis.db.cluster.folders import prepare_home
from gis.db.cluster.layout import Layout, write_private
from gis.errors import Unavailable
from gis.i18n import N_

_ANY_SEALED = text("SELECT EXISTS (SELECT FROM caller WHERE phone_cipher IS NOT NULL)")


def key_file(home: Path) -> Path:
    """Where the keys of a copy are (JSON, 0600)."""
    return Layout(home).secrets / "callers.json"


def ring_of(conn: Connection, home: Path, *, now: datetime) -> KeyRing:
    """
    The keys of this copy; made at the first call, when nobody's number is kept yet.

    Read anew each time: a rotation counts in every process at once.

    Raises
    ------
    Unavailable
        When numbers are kept and their keys are gone, or the file is none.
    """
    file = key_file(home)
    if not file.exists():
        if conn.execute(_ANY_SEALED).scalar():
            raise Unavailable(
                N_(
                    "The keys of callers' numbers, {file}, are missing: put the file back from a"
                    " backup of {folder}. If there is none, script/gis callers start-over forgets"
                    " the numbers and begins with a new key."
                ),
                file=file,
                folder=file.parent,
            )
        _make_first(home, now)
    return _read(file)


def write_ring(home: Path, ring: KeyRing) -> None:
    """Put other keys in the place of those that are there, whole or not at all."""
    prepare_home(Layout(home))
    write_private(key_file(home), ring_as_text(ring))


def _read(file: Path) -> KeyRing:
    try:
        return ring_from_text(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unavailable(
            N_("The keys of callers' numbers, {file}, cannot be read: put the file back."),
            file=file,
            detail=str(error),
        ) from error


def _make_first(home: Path, now: datetime) -> None:
    """Web process and worker may both come first: the file of one of them stays."""
    prepare_home(Layout(home))
    file = key_file(home)
    draft = file.with_name(f"{file.name}.first.{secrets.token_hex(4)}")
    write_private(draft, ring_as_text(KeyRing((Key.new(now),))))
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
