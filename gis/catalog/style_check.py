"""
What is wrong with a style: every fault named, with its place, the value, the rule, the way out.

The tables below say what a rule may hold; docs/map.md explains the same to people. Names that a
style takes from its layer (sources, fields) are checked against what the tiles carry, so that a
column that goes away is noticed here and never on the map.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from gis.catalog.layers import Layer
from gis.catalog.style_specs import (
    CATEGORIES_MOST,
    COLOUR_KEYS,
    LIMITS,
    PLAIN_KEYS,
    ZOOMS,
    Spot,
    check_attribute,
    check_choice,
    check_code,
    check_keys,
    check_spec,
    check_value,
    is_number,
)
from gis.errors import Fault, Invalid, Term
from gis.i18n import N_

RULES_MOST, LABELS_MOST, SIGNS_MOST = 60, 30, 60
FAULTS_MOST = 30
TITLE_MOST = 60
KINDS: Final = ("fill", "line", "circle", "icon")
SHAPES: Final = KINDS
CAPS: Final = ("butt", "round", "square")

_EVERY = frozenset(
    {"source", "kind", "color", "opacity", "minzoom", "maxzoom", "filter", "when", "interactive"}
)
RULE_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "fill": _EVERY | {"outline"},
    "line": _EVERY | {"width", "casing", "dash", "cap", "arrows"},
    "circle": _EVERY | {"radius", "outline", "text", "textColor", "textSize"},
    "icon": _EVERY | {"icon", "size", "halo"},
}
LABEL_KEYS: Final = frozenset(
    {"source", "text", "filter", "when", "minzoom", "maxzoom", "size", "weight", "color", "halo",
     "opacity", "priority", "spacing", "below"}
)  # fmt: skip
PART_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "outline": frozenset({"color", "width", "opacity", "minzoom", "maxzoom", "dash"}),
    "casing": frozenset({"color", "width", "opacity", "minzoom"}),
    "arrows": frozenset({"color", "spacing", "size", "by", "minzoom"}),
}
SIGN_KEYS: Final = frozenset({"shape", "color", "dash", "icon", "zh", "en", "code"})
STYLE_KEYS: Final = frozenset({"rules", "labels", "legend", "legend_from"})
_LEGEND_NAMES = ("palette", "shape", "table", "column", "scope")
_TITLES = {"rules": ("规则", "Rule"), "labels": ("标注", "Label"), "legend": ("图例项", "Sign")}

_NOT_A_LIST = N_("{place}: a list is expected.")
_NOT_AN_OBJECT = N_("{place}: an object is expected.")
_NO_TITLE = N_("{place}: the title needs 1 to {most} characters in both languages.")


def attributes_of(layer: Layer, source: object) -> tuple[str, ...]:
    """What the tiles carry about features of one source, at any zoom."""
    parts = (part for part in layer.sources if part.name == source)
    return tuple(dict.fromkeys(column.name for part in parts for column in part.columns))


def check_style(raw: object, layer: Layer) -> None:
    """
    Go on only with a style that its layer can be drawn with.

    Raises
    ------
    Invalid
        With every fault, at most thirty.
    """
    faults = faults_of(raw, layer)
    if faults:
        raise Invalid(N_("This style cannot be drawn; nothing was saved."), faults=faults)


def faults_of(raw: object, layer: Layer) -> list[Fault]:
    """Every fault of a style for its layer, the first thirty; none: it may be drawn."""
    spot = Spot("style", Term("样式", "Style"))
    if not isinstance(raw, Mapping) or "rules" not in raw:
        return [spot.fault(N_("{place}: an object with a list of rules is expected."))]
    found = [
        *check_keys(raw, STYLE_KEYS, spot),
        *_each(raw, "rules", RULES_MOST, lambda rule, at: _rule(rule, layer, at)),
        *_each(raw, "labels", LABELS_MOST, lambda label, at: _label(label, layer, at)),
        *_each(raw, "legend", SIGNS_MOST, _sign),
        *_legend_from(raw.get("legend_from"), layer, spot.at("legend_from")),
    ]
    return found[:FAULTS_MOST]


def _each(
    raw: Mapping[str, Any],
    key: str,
    most: int,
    check: Callable[[Mapping[str, Any], Spot], Iterator[Fault]],
) -> Iterator[Fault]:
    entries = raw.get(key, [])
    zh, en = _TITLES[key]
    if not isinstance(entries, list | tuple):
        yield Spot(key, Term(zh, en)).fault(_NOT_A_LIST)
        return
    if len(entries) > most:
        yield Spot(key, Term(zh, en)).fault(
            N_("{place}: {count} entries are too many; at most {most} are drawn."),
            count=len(entries),
            most=most,
        )
    for number, entry in enumerate(entries[:most], start=1):
        spot = Spot(f"{key}.{number - 1}", Term(f"{zh} {number}", f"{en} {number}"))
        if isinstance(entry, Mapping):
            yield from check(entry, spot)
        else:
            yield spot.fault(_NOT_AN_OBJECT)


def _rule(rule: Mapping[str, Any], layer: Layer, spot: Spot) -> Iterator[Fault]:
    kind = rule.get("kind")
    if kind not in KINDS:
        message = N_("{place}: “{value}” is no kind of rule. Kinds are: {known}.")
        yield from check_choice(kind, KINDS, message, spot.at("kind"))
        return
    spot = replace(spot, carried=attributes_of(layer, rule.get("source")))
    yield from check_keys(rule, RULE_KEYS[kind], spot)
    yield from _source(rule, layer, spot)
    if "color" not in rule:
        yield spot.at("color").fault(N_("{place}: the colour is missing."))
    if kind == "icon":
        icon = rule.get("icon")
        check = check_spec if isinstance(icon, Mapping) else check_value
        yield from check(icon, "icon", spot.at("icon"))
    for part, keys in PART_KEYS.items():
        if part in rule:
            yield from _part(rule[part], keys, spot.at(part))
    if "text" in rule:
        yield from check_attribute(rule["text"], spot.at("text"))
    if "cap" in rule:
        message = N_("{place}: “{value}” is no end of a line. Ends are: {known}.")
        yield from check_choice(rule["cap"], CAPS, message, spot.at("cap"))
    yield from _looks(rule, spot)


def _label(label: Mapping[str, Any], layer: Layer, spot: Spot) -> Iterator[Fault]:
    spot = replace(spot, carried=attributes_of(layer, label.get("source")))
    yield from check_keys(label, LABEL_KEYS, spot)
    yield from _source(label, layer, spot)
    named = label.get("text") == "@name"
    for name in ("zh", "en") if named else (label.get("text"),):
        yield from check_attribute(name, spot.at("text"))
    if isinstance(label.get("priority"), str):
        yield from check_attribute(label["priority"], spot.at("priority"))
        label = {key: value for key, value in label.items() if key != "priority"}
    yield from _looks(label, spot)


def _source(raw: Mapping[str, Any], layer: Layer, spot: Spot) -> Iterator[Fault]:
    known = tuple(dict.fromkeys(source.name for source in layer.sources))
    message = N_("{place}: this layer has no source “{value}”. It has: {known}.")
    yield from check_choice(raw.get("source"), known, message, spot.at("source"))


def _part(part: object, keys: frozenset[str], spot: Spot) -> Iterator[Fault]:
    if not isinstance(part, Mapping):
        yield spot.fault(_NOT_AN_OBJECT)
        return
    yield from check_keys(part, keys, spot)
    if "by" in part:
        yield from check_attribute(part["by"], spot)
    yield from _looks({key: value for key, value in part.items() if key != "by"}, spot)


def _looks(raw: Mapping[str, Any], spot: Spot) -> Iterator[Fault]:
    """Colours, numbers, dashes, filters and the zooms of a rule, a label or a part of a rule."""
    for key, value in raw.items():
        if key in PLAIN_KEYS:
            yield from check_value(value, key, spot.at(key))
        elif key in COLOUR_KEYS or key in LIMITS:
            yield from check_spec(value, key, spot.at(key))
        elif key == "dash":
            yield from _dash(value, spot.at(key))
        elif key in {"filter", "when"}:
            yield from _filter(value, spot.at(key), ranges=key == "when")
    low, high = raw.get("minzoom", ZOOMS[0]), raw.get("maxzoom", ZOOMS[1] + 1)
    if is_number(low) and is_number(high) and low >= high:
        yield spot.at("minzoom").fault(
            N_("{place}: from zoom {low} up to zoom {high} nothing would ever be drawn."),
            low=low,
            high=high,
        )


def _filter(raw: object, spot: Spot, *, ranges: bool) -> Iterator[Fault]:
    if not isinstance(raw, Mapping):
        yield spot.fault(_NOT_AN_OBJECT)
        return
    for name, allowed in raw.items():
        yield from check_attribute(name, spot)
        if not isinstance(allowed, list | tuple) or len(allowed) > CATEGORIES_MOST:
            yield spot.fault(_NOT_A_LIST)
        elif ranges and not (len(allowed) == 2 and all(is_number(end) for end in allowed)):
            yield spot.fault(N_("{place}: a range has two ends, both numbers."))
        else:
            for value in allowed:
                yield from check_code(value, spot)


def _dash(raw: object, spot: Spot) -> Iterator[Fault]:
    parts = raw if isinstance(raw, list | tuple) else ()
    if len(parts) not in {2, 4} or not all(is_number(part) and 0 < part <= 60 for part in parts):
        yield spot.fault(N_("{place}: a dash is 2 or 4 lengths between 1 and 60, such as [6, 4]."))


def _sign(sign: Mapping[str, Any], spot: Spot) -> Iterator[Fault]:
    yield from check_keys(sign, SIGN_KEYS, spot)
    message = N_("{place}: “{value}” is no shape. Shapes are: {known}.")
    yield from check_choice(sign.get("shape"), SHAPES, message, spot.at("shape"))
    yield from check_value(sign.get("color"), "color", spot.at("color"))
    for name in ("zh", "en"):
        title = sign.get(name)
        if not (
            isinstance(title, str) and title.isprintable() and 0 < len(title.strip()) <= TITLE_MOST
        ):
            yield spot.at(name).fault(_NO_TITLE, most=TITLE_MOST)
    code = sign.get("code")
    if code is not None and not (isinstance(code, str) and code):
        yield spot.at("code").fault(_NO_TITLE, most=TITLE_MOST)
    else:
        yield from check_code(code, spot.at("code"))
    if "dash" in sign:
        yield from _dash(sign["dash"], spot.at("dash"))
    if sign.get("icon") is not None:
        yield from check_value(sign["icon"], "icon", spot.at("icon"))


def _legend_from(raw: object, layer: Layer, spot: Spot) -> Iterator[Fault]:
    """A legend reads a table by names: only those that the catalogue gave it."""
    if raw is None:
        return
    shipped = layer.legend_from
    given = raw if isinstance(raw, Mapping) else {}
    same = shipped is not None and all(
        given.get(name) == getattr(shipped, name) for name in _LEGEND_NAMES
    )
    dashes = given.get("dash", {})
    if not same or not isinstance(dashes, Mapping):
        yield spot.fault(
            N_("{place}: a legend is made from the shipped palette, or of signs of its own.")
        )
        return
    for code, dash in dashes.items():
        yield from check_code(code, spot.at("dash"))
        yield from _dash(dash, spot.at("dash"))
