"""
Specs of a style: values, values by zoom, by palette, by categories, by limits.

Every check yields faults that say where (`{place}`), what, which rule and the way out.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gis.catalog.palettes import colours, palette_names
from gis.errors import Fault, Term, fault
from gis.i18n import N_

CATEGORIES_MOST = 24
CLASSES_MOST = 12
CODE_MOST = 60
ZOOMS = (0, 22)
COLOUR_KEYS: Final = frozenset({"color", "halo", "textColor"})
LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "width": (0, 60),
    "radius": (0, 60),
    "size": (4, 60),
    "textSize": (4, 60),
    "opacity": (0, 1),
    "spacing": (10, 4000),
    "weight": (100, 900),
    "priority": (0, 1_000_000),
    "below": (0, 60),
    "minzoom": ZOOMS,
    "maxzoom": ZOOMS,
}
"""The numbers of a style, in CSS pixels unless the name says otherwise."""
PLAIN_KEYS: Final = frozenset({"minzoom", "maxzoom", "weight", "spacing", "priority", "below"})
"""Numbers that are the same for every feature and zoom."""
ICONS: Final = (
    "hospital", "valve", "manhole", "camera", "tree", "lamp", "bin", "case", "case-many", "arrow",
)  # fmt: skip
"""Names in the sprite of the browser (gis/ui/browser/src/sprite.js)."""
ALWAYS: Final = ("@value", "@id")
"""What a spec may read of every feature: the joined value and the id."""

_HEX = re.compile(r"^#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$")
_KEYS: Final = frozenset(
    {"zoom", "by", "cats", "other", "palette", "stops", "range", "nodata", "clock", "soon"}
)


@dataclass(frozen=True)
class Spot:
    """Where in a style something stands, and what the tiles carry there."""

    path: str
    title: Term
    carried: tuple[str, ...] = ()

    def fault(self, message: str, **params: object) -> Fault:
        """A fault at this place."""
        return fault(self.path, message, place=self.title, **params)

    def at(self, key: str) -> "Spot":
        """A place inside this one."""
        return replace(self, path=f"{self.path}.{key}")


def is_colour(value: object) -> bool:
    """Whether a text is `#rrggbb`, `#rrggbbaa` or the name of a colour (`$water`)."""
    if not isinstance(value, str):
        return False
    return value[1:] in colours() if value.startswith("$") else bool(_HEX.fullmatch(value))


def is_number(value: object) -> bool:
    """Whether a value of JSON is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def check_code(value: object, spot: Spot) -> Iterator[Fault]:
    """Refuse what no value of a field can be equal to, or what no database would keep."""
    if isinstance(value, str):
        fits = value.isprintable() and len(value) <= CODE_MOST
    else:
        fits = value is None or isinstance(value, bool) or is_number(value)
    if not fits:
        yield spot.fault(
            N_("{place}: a value is a number, or a text of at most {most} characters."),
            most=CODE_MOST,
        )


def check_keys(raw: Mapping[str, Any], known: Iterable[str], spot: Spot) -> Iterator[Fault]:
    """Refuse keys that nobody would read: they are mostly typing errors."""
    for key in raw:
        if key not in known:
            yield spot.fault(
                N_("{place}: “{value}” is not known here. Known are: {known}."),
                value=str(key)[:40],
                known=", ".join(sorted(known)),
            )


def check_attribute(name: object, spot: Spot) -> Iterator[Fault]:
    """Refuse a field that the tiles do not carry."""
    known = (*spot.carried, *ALWAYS)
    if not isinstance(name, str) or name not in known:
        yield spot.fault(
            N_("{place}: the tiles carry no field “{value}” here. Choose one of: {known}."),
            value=str(name)[:40],
            known=", ".join(known),
        )


def check_choice(
    value: object, known: tuple[str, ...], message: str, spot: Spot
) -> Iterator[Fault]:
    """Refuse what is none of a few words."""
    if value not in known:
        yield spot.fault(message, value=str(value)[:40], known=", ".join(known))


def check_value(value: object, key: str, spot: Spot) -> Iterator[Fault]:
    """Refuse a plain value of the property `key` that cannot be drawn."""
    if key in COLOUR_KEYS:
        if not is_colour(value):
            yield spot.fault(
                N_("{place}: “{value}” is no colour. Write #rrggbb or a name such as $water."),
                value=str(value)[:40],
            )
    elif key == "icon":
        message = N_("{place}: there is no icon “{value}”. There are: {known}.")
        yield from check_choice(value, ICONS, message, spot)
    else:
        low, high = LIMITS[key]
        if not is_number(value) or not low <= value <= high:  # type: ignore[operator]
            yield spot.fault(
                N_("{place}: {name} lies between {low} and {high}; it cannot be {value}."),
                name=key,
                low=low,
                high=high,
                value=str(value)[:40],
            )


def check_spec(spec: object, key: str, spot: Spot, *, inside: bool = False) -> Iterator[Fault]:
    """
    Refuse a value, or a way it follows from zoom or field, that cannot be drawn.

    `inside` a category only plain values and values by zoom may stand.
    """
    if not isinstance(spec, Mapping):
        if spec is not None:
            yield from check_value(spec, key, spot)
        return
    yield from check_keys(spec, _KEYS, spot)
    if "zoom" in spec or inside:
        yield from _by_zoom(spec.get("zoom"), key, spot)
        return
    yield from check_attribute(spec.get("by"), spot)
    if not isinstance(spec.get("clock", False), bool):
        yield spot.fault(N_("{place}: “clock” is true or false."))
    if not isinstance(spec.get("soon", False), bool):
        yield spot.fault(N_("{place}: “soon” is true or false."))
    for name in ("other", "nodata"):
        yield from check_spec(spec.get(name), key, spot, inside=True)
    if "palette" in spec:
        message = N_("{place}: there is no palette “{value}”. There are: {known}.")
        yield from check_choice(spec["palette"], palette_names(), message, spot)
    elif "stops" in spec or "range" in spec:
        yield from _classes(spec, key, spot)
    elif "cats" in spec:
        yield from _categories(spec["cats"], key, spot)
    else:
        yield spot.fault(N_("{place}: say how it follows: by palette, by categories or by limits."))


def _rise(numbers: list[Any]) -> bool:
    return all(a < b for a, b in zip(numbers, numbers[1:], strict=False))


def _by_zoom(stops: object, key: str, spot: Spot) -> Iterator[Fault]:
    pairs = stops if isinstance(stops, list | tuple) else []
    if not pairs or not all(isinstance(p, list | tuple) and len(p) == 2 for p in pairs):
        yield spot.fault(N_("{place}: by zoom means pairs of zoom and value, such as [[12, 1]]."))
        return
    zooms = [zoom for zoom, _ in pairs]
    if not all(is_number(z) and ZOOMS[0] <= z <= ZOOMS[1] for z in zooms) or not _rise(zooms):
        yield spot.fault(
            N_("{place}: zooms lie between 0 and 22 and rise, not {value}."), value=str(zooms)[:80]
        )
    for _zoom, value in pairs:
        yield from check_value(value, key, spot)


def _classes(spec: Mapping[str, Any], key: str, spot: Spot) -> Iterator[Fault]:
    stops, tones = spec.get("stops"), spec.get("range")
    if not isinstance(stops, list | tuple) or not isinstance(tones, list | tuple):
        yield spot.fault(N_("{place}: classes need a list of limits and a list of values."))
        return
    if len(tones) > CLASSES_MOST:
        yield spot.fault(
            N_("{place}: {count} classes are too many for eyes; at most {most}. Take fewer."),
            count=len(tones),
            most=CLASSES_MOST,
        )
        return
    if len(tones) != len(stops) + 1:
        yield spot.fault(
            N_("{place}: {stops} limits make {need} classes, but {count} values are given."),
            stops=len(stops),
            need=len(stops) + 1,
            count=len(tones),
        )
    if not all(is_number(stop) for stop in stops) or not _rise(list(stops)):
        yield spot.fault(
            N_("{place}: limits are numbers that rise from class to class, not {value}."),
            value=str(list(stops))[:80],
        )
    for tone in tones:
        yield from check_value(tone, key, spot)


def _categories(cats: object, key: str, spot: Spot) -> Iterator[Fault]:
    if not isinstance(cats, Mapping):
        yield spot.fault(N_("{place}: categories are pairs of code and value."))
    elif len(cats) > CATEGORIES_MOST:
        yield too_many_categories(len(cats), spot)
    else:
        for code, value in cats.items():
            yield from check_code(code, spot)
            yield from check_spec(value, key, spot, inside=True)


def too_many_categories(count: int, spot: Spot) -> Fault:
    """The sentence for a field with a thousand values."""
    return spot.fault(
        N_(
            "{place}: {count} categories are too many for eyes; at most {most}."
            " Keep the most frequent and group the rest as “other”."
        ),
        count=count,
        most=CATEGORIES_MOST,
    )
