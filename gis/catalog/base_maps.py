"""
Raster base maps by setting: tiles of an address, of Tianditu, or of a folder; none by default.

Tianditu (national platform for geographic information) serves every layer in two matrix sets: "w"
in web Mercator and "c" in CGCS2000 degrees (EPSG:4490), both from level 1. The map is in web
Mercator, so "w" is taken; CGCS2000 and the datum of the tiles agree within a pixel, no offset.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, require
from gis.accounts.settings import write_with_trail
from gis.db.settings import read_setting
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_

KEY: Final = "map_base_maps"
KINDS: Final = ("xyz", "tianditu", "folder")
OFFSETS: Final = ("none", "gcj02")
MOST: Final = 12
TIANDITU_HOST: Final = "https://t0.tianditu.gov.cn"
TIANDITU: Final[Mapping[str, tuple[str, str, str]]] = {
    "vec": ("cva", "天地图矢量", "Tianditu streets"),
    "img": ("cia", "天地图影像", "Tianditu imagery"),
    "ter": ("cta", "天地图地形", "Tianditu terrain"),
}
"""Layers of Tianditu: the layer of their names, and what they are called."""
TIANDITU_CREDIT: Final = "天地图 · 国家地理信息公共服务平台"
_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")
_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_TOKEN = re.compile(r"[A-Za-z0-9]{8,64}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?&=%{}@+,-]{1,480}")
_TEXTS = ("id", "kind", "url", "layer", "key", "folder", "offset")
_NO_TEXT = "?"
"""In place of what should be a text and is none: nothing below takes it."""
_HOLES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True)
class BaseMap:
    """One raster base map as the browser takes it."""

    id: str
    title_zh: str
    title_en: str
    kind: str
    url: str
    min_zoom: int
    max_zoom: int
    offset: str = "none"
    credit: str = ""
    names_url: str | None = None
    """Tiles of the names, which lie over those of `url`."""
    folder: str | None = None

    def config(self, locale: str) -> dict[str, Any]:
        """The part of the workbench's config."""
        return {
            "id": self.id,
            "title": self.title_zh if locale == "zh-CN" else self.title_en,
            "kind": self.kind,
            "url": self.url,
            "namesUrl": self.names_url,
            "minZoom": self.min_zoom,
            "maxZoom": self.max_zoom,
            "offset": self.offset,
            "credits": [self.credit] if self.credit else [],
        }


def _tianditu_url(layer: str, token: str) -> str:
    return (
        f"{TIANDITU_HOST}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        f"&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={token}"
    )


def _address_faults(place: str, url: str) -> list[Fault]:
    host = urlsplit(url).netloc if _URL.fullmatch(url) else ""
    holes = all(url.count(hole) == 1 for hole in _HOLES) and url.count("{") == len(_HOLES)
    if _HOST.fullmatch(host) and holes:
        return []
    return [
        fault(place, N_("An address is https://host/…/{{z}}/{{x}}/{{y}}…, each of the three once."))
    ]


def _own_faults(place: str, raw: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the parts that only this kind has."""
    if raw.get("kind") == "xyz":
        return _address_faults(f"{place}.url", str(raw.get("url", "")))
    if raw.get("kind") == "tianditu":
        found = []
        if raw.get("layer", "vec") not in TIANDITU:
            known = ", ".join(TIANDITU)
            found.append(fault(f"{place}.layer", N_("Layers are: {known}."), known=known))
        if not _TOKEN.fullmatch(str(raw.get("key", ""))):
            found.append(fault(f"{place}.key", N_("The key has 8 to 64 letters and digits.")))
        return found
    if raw.get("kind") == "folder":
        if _FOLDER.fullmatch(str(raw.get("folder", ""))):
            return []
        return [fault(f"{place}.folder", N_("A folder's name: small letters, digits, - and _."))]
    return [fault(f"{place}.kind", N_("Kinds are: {known}."), known=", ".join(KINDS))]


def _faults(place: str, raw: Any) -> list[Fault]:
    if not isinstance(raw, Mapping):
        return [fault(place, N_("A base map is an object with “id” and “kind”."))]
    raw = {**raw, **{name: _NO_TEXT for name in _TEXTS if not isinstance(raw.get(name, ""), str)}}
    found = _own_faults(place, raw)
    if not _ID.fullmatch(str(raw.get("id", ""))) or raw.get("id") == "drawn":
        found.append(fault(f"{place}.id", N_("An id: small letters, digits and -.")))
    if raw.get("offset", "none") not in OFFSETS:
        known = ", ".join(OFFSETS)
        found.append(fault(f"{place}.offset", N_("Offsets are: {known}."), known=known))
    texts = (raw.get(name, "") for name in ("title_zh", "title_en", "credit"))
    if not all(isinstance(t, str) and len(t) <= 200 and (t.isprintable()) for t in texts):
        found.append(fault(place, N_("Names and credits have at most 200 characters.")))
    zooms = (raw.get("min_zoom", 0), raw.get("max_zoom", 18))
    if not all(type(z) is int for z in zooms) or not 0 <= zooms[0] <= zooms[1] <= 22:
        found.append(fault(place, N_("Zooms are whole numbers from 0 to 22, the smaller first.")))
    return found


def faults_of(value: Any) -> list[Fault]:
    """All that is wrong with a value of the setting."""
    if not isinstance(value, list) or len(value) > MOST:
        return [fault(KEY, N_("A list of at most {most} base maps is expected."), most=MOST)]
    found = [f for n, raw in enumerate(value) for f in _faults(f"{KEY}[{n}]", raw)]
    ids = [raw.get("id") for raw in value if isinstance(raw, Mapping)]
    if len(set(map(str, ids))) != len(ids):
        found.append(fault(KEY, N_("Two base maps have the same id.")))
    return found


def base_map_from(raw: Mapping[str, Any]) -> BaseMap:
    """A base map of a checked entry."""
    kind, title = raw["kind"], raw["id"]
    common: dict[str, Any] = {
        "id": raw["id"],
        "title_zh": raw.get("title_zh") or title,
        "title_en": raw.get("title_en") or raw.get("title_zh") or title,
        "min_zoom": raw.get("min_zoom", 0),
        "max_zoom": raw.get("max_zoom", 18),
        "credit": raw.get("credit", ""),
    }
    if kind == "tianditu":
        layer = raw.get("layer", "vec")
        names, zh, en = TIANDITU[layer]
        common |= {"min_zoom": max(1, common["min_zoom"])}
        common |= {"title_zh": raw.get("title_zh") or zh, "title_en": raw.get("title_en") or en}
        common |= {"credit": raw.get("credit") or TIANDITU_CREDIT}
        return BaseMap(
            **common, kind="xyz", url=_tianditu_url(layer, raw["key"]),
            names_url=_tianditu_url(names, raw["key"]),
        )  # fmt: skip
    offset = raw.get("offset", "none")
    if kind == "folder":
        url = f"/basemap/{raw['id']}/{{z}}/{{x}}/{{y}}"
        return BaseMap(**common, kind=kind, url=url, offset=offset, folder=raw["folder"])
    return BaseMap(**common, kind=kind, url=raw["url"], offset=offset)


def read_base_maps(conn: Connection) -> list[BaseMap]:
    """The base maps of the setting; one that cannot be read is left out, the others stay."""
    value = read_setting(conn, KEY)
    if not isinstance(value, list):
        return []
    return [base_map_from(raw) for raw in value[:MOST] if not _faults(KEY, raw)]


def picture_hosts(base_maps: Sequence[BaseMap]) -> tuple[str, ...]:
    """The origins that pictures of these base maps come from, ours left out."""
    parts = [urlsplit(base.url) for base in base_maps if base.folder is None]
    return tuple(sorted({f"{part.scheme}://{part.netloc}" for part in parts}))


def change_base_maps(conn: Connection, *, actor: Actor, value: Any, now: datetime) -> list[BaseMap]:
    """
    Set the base maps of the district; answers them.

    Raises
    ------
    Forbidden, Invalid
        Invalid names every fault of every entry.
    """
    require(actor, Permission.MANAGE_RULES)
    faults = faults_of(value)
    if faults:
        raise Invalid(N_("These base maps cannot be taken."), faults=faults)
    write_with_trail(conn, actor=actor, key=KEY, value=value, default=[], now=now)
    return read_base_maps(conn)
