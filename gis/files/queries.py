"""Reading about attachments, for those who may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gis.db.sqlfile import load_sql
from gis.errors import NotFound
from gis.files.evidence import Evidence
from gis.files.store import is_name
from gis.files.tables import file_exif
from gis.i18n import N_

_READABLE = load_sql(__package__, "readable")


@dataclass(frozen=True)
class StoredFile:
    """What is known of an attachment, without its restricted record."""

    sha256: str
    media_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None


def readable_file(
    conn: Connection,
    sha256: str,
    *,
    person_id: int | None,
    areas: Sequence[str],
    department_id: int | None = None,
    stands_for: Collection[int] = (),
) -> StoredFile:
    """
    The file, for a person who sent it or who sees a case that has it.

    Parameters
    ----------
    areas : prefixes of the grid codes whose cases the person may see; `("",)` all, `()` none.
    department_id : narrows to the cases of this department; None does not narrow.
    stands_for : those whose tasks the person does meanwhile.

    Raises
    ------
    NotFound
        Also when it exists: whoever may not see a file learns nothing about it.
    """
    params = {
        "sha256": sha256,
        "person_id": person_id,
        "persons": [] if person_id is None else [person_id, *stands_for],
        "scope": list(areas),
        "department_id": department_id,
    }
    row = conn.execute(_READABLE, params).one_or_none() if is_name(sha256) else None
    if row is None:
        raise NotFound(N_("There is no such file."), detail=sha256[:64])
    return StoredFile(*row)


def evidence_of(conn: Connection, sha256s: Sequence[str]) -> dict[str, Evidence]:
    """
    What those photos said about time and place. Restricted: ask for `view_exif` first.

    Photos that said nothing are left out. At most 1,000 of them.
    """
    rows = conn.execute(
        select(
            file_exif.c.sha256,
            file_exif.c.taken_at,
            file_exif.c.lon,
            file_exif.c.lat,
            file_exif.c.camera,
        )
        .where(file_exif.c.sha256.in_(list(sha256s)))
        .limit(1000)
    )
    return {row.sha256: Evidence(row.taken_at, row.lon, row.lat, row.camera) for row in rows}
