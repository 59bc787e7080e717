"""What is new on the map: versions of the layers, and places where cases moved."""

from dataclasses import dataclass

from gis.accounts.model import Actor
from gis.catalog.layers import layers_for
from gis.db.sqlfile import read_sql
from gis.errors import Invalid
from gis.i18n import N_
from gis.tiles.pool import TilePool
from gis.tiles.versions import Steps, VersionReader

PLACES_MOST = 200
"""More places than these are said as “everywhere”."""
_BEHIND_MOST = 5_000
"""A page that missed more events than these reloads all."""

_PLACES = read_sql(__package__, "changed_places")


@dataclass(frozen=True)
class Changes:
    """An answer to a page that asks every two seconds."""

    tag: str
    """To be sent with the next question."""
    layers: dict[str, str]
    """Of every layer the person may see: what `?v=` of its tiles takes."""
    everywhere: bool
    """Reload every tile of live layers; `places` is then empty."""
    places: tuple[tuple[float, float], ...]
    """Longitude and latitude of cases that moved, and of the clusters that count them."""


def steps_of(tag: str | None) -> Steps | None:
    """
    The steps behind a tag of ours.

    Raises
    ------
    Invalid
        For anything else.
    """
    if tag is None:
        return None
    parts = tag.split("-")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
        raise Invalid(N_("“since” must be the tag of an earlier answer."))
    return Steps(int(parts[0]), int(parts[1]))


async def changes(
    pool: TilePool, versions: VersionReader, *, actor: Actor, since: str | None
) -> Changes:
    """
    What changed since the answer with the tag `since`; without it, the state now.

    Tiles asked with the tags of `layers` hold everything that is reported here: a tile server
    that has not seen that version yet looks again before it answers. Places lie in the actor's
    area, and for handlers belong to cases of their department.

    Raises
    ------
    Invalid
        When `since` is no tag of an answer.
    Unavailable
        When the database does not answer.
    """
    known = steps_of(since)
    now = await versions.read()
    shown = layers_for(actor)
    tags = {layer.id: now.tag_of(layer, actor.scope) for layer in shown}
    tag = str(now.steps)
    if known is None or known == now.steps or not any(layer.live for layer in shown):
        return Changes(tag, tags, everywhere=False, places=())
    if not known.last <= now.steps.last <= known.last + _BEHIND_MOST:
        return Changes(tag, tags, everywhere=True, places=())
    rows = await pool.fetch(
        _PLACES, known.last, known.seen, actor.scope.as_list(), actor.scope.department_id,
        PLACES_MOST,
    )  # fmt: skip
    if rows and max(len(rows), rows[0]["cases"]) > PLACES_MOST:
        return Changes(tag, tags, everywhere=True, places=())
    return Changes(tag, tags, everywhere=False, places=tuple((r["lon"], r["lat"]) for r in rows))
