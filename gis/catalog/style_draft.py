"""A style while somebody changes it: parts of it as a form shows them, and back again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gis.catalog.classes import Classes
from gis.catalog.palettes import colours
from gis.catalog.style_specs import is_number
from gis.catalog.styles import RawStyle
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_

SINGLE, ZOOMS, CATEGORIES, CLASSES, PALETTE = "single", "zooms", "categories", "classes", "palette"
NUMBERS = {
    "fill": ("opacity",),
    "line": ("width", "opacity"),
    "circle": ("radius", "opacity"),
    "icon": ("size", "opacity"),
}
"""The numbers of a rule that a form offers, by kind."""


def copied(raw: RawStyle) -> dict[str, Any]:
    """A style that may be changed without touching the one it was made from."""
    found: dict[str, Any] = json.loads(json.dumps(raw))
    return found


def parts_of(raw: RawStyle, faults: Sequence[Fault] = ()) -> list[str]:
    """
    The lists of a style that a form can show; what is damaged is left to the text.

    Of the `faults` of the style only numbers that were typed wrongly are for the form to mend.
    """
    shown = []
    for part, needed in (("rules", {"source", "kind", "color"}), ("labels", {"source", "text"})):
        entries = raw.get(part)
        if not isinstance(entries, list) or not entries:
            continue
        if all(isinstance(entry, Mapping) and needed <= entry.keys() for entry in entries) and (
            part == "labels" or all(entry["kind"] in tuple(NUMBERS) for entry in entries)
        ):
            own = (place for place in (fault.field for fault in faults) if place.startswith(part))
            if all(_is_typed(raw, place.split(".")) for place in own):
                shown.append(part)
    return [*shown, "text"]


def _is_typed(raw: Any, way: Sequence[str]) -> bool:
    """Whether what stands at a place is a number, or what somebody wrote in place of one."""
    for key in way:
        raw = raw[int(key)] if isinstance(raw, list) else raw.get(key)
    if way[-1] in ("minzoom", "maxzoom"):
        return is_number(raw)
    if way[-1] not in {name for names in NUMBERS.values() for name in names}:
        return False
    if isinstance(raw, Mapping):
        pairs = raw.get("zoom")
        return isinstance(pairs, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all(map(is_number, pair))
            for pair in pairs
        )
    return isinstance(raw, str) or is_number(raw)


def with_part(raw: RawStyle, part: str, index: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The style with one rule, label or sign replaced; parts that are None are left out."""
    changed = copied(raw)
    changed[part][index] = {key: value for key, value in entry.items() if value is not None}
    return changed


def way_of(spec: Any) -> str:
    """How a colour follows: one of the words above."""
    if not isinstance(spec, Mapping):
        return SINGLE
    for key, way in (("zoom", ZOOMS), ("palette", PALETTE), ("cats", CATEGORIES)):
        if key in spec:
            return way
    return CLASSES


def colour_shown(value: Any, theme: str = "light") -> str:
    """`#rrggbb` for a colour picker: names as the theme has them, without transparency."""
    if isinstance(value, str) and value.startswith("$") and value[1:] in colours():
        value = colours()[value[1:]][theme]
    return value[:7] if isinstance(value, str) and value.startswith("#") else "#888888"


def colour_chosen(picked: str, before: Any) -> str:
    """A picked colour; one that was left as it was keeps its name and its transparency."""
    return str(before) if picked.lower() == colour_shown(before).lower() else picked


def number_text(spec: Any) -> str:
    """A number, or numbers by zoom, as people write them; a text stays as it was written."""
    if isinstance(spec, str):
        return spec
    if isinstance(spec, Mapping) and "zoom" in spec:
        return ", ".join(f"{zoom:g}: {value:g}" for zoom, value in spec["zoom"])
    return f"{spec:g}" if is_number(spec) else ""


def number_spec(text: str, field: str) -> Any:
    """
    What somebody wrote as a number or as numbers by zoom; nothing: None.

    Raises
    ------
    Invalid
        When it is neither.
    """
    parts = [part.strip() for part in text.replace("，", ",").replace("：", ":").split(",")]
    parts = [part for part in parts if part]
    try:
        if not parts:
            return None
        if len(parts) == 1 and ":" not in parts[0]:
            return _number(parts[0])
        pairs = [part.split(":") for part in parts]
        return {"zoom": [[_number(zoom), _number(value)] for zoom, value in pairs]}
    except ValueError as error:
        raise Invalid(
            N_("Some fields need another look."),
            faults=[
                fault(
                    field,
                    N_("“{text}” is no number and no list by zoom such as “12: 1, 16: 3”."),
                    text=text[:40],
                )
            ],
        ) from error


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value


def limits_of(text: str) -> list[float]:
    """
    Limits by meaning as people write them: `10, 50, 100`.

    Raises
    ------
    Invalid
        When one of them is no number.
    """
    try:
        return [float(part) for part in text.replace("，", ",").split(",") if part.strip()]
    except ValueError as error:
        raise Invalid(
            N_("These classes cannot be made."),
            faults=[
                fault("limits", N_("Limits are 1 to 6 numbers that rise, such as 10, 50, 100."))
            ],
        ) from error


def classes_spec(found: Classes, by: str, before: Any) -> dict[str, Any]:
    """A colour spec of classes; what has no value keeps its colour."""
    nodata = before.get("nodata") if isinstance(before, Mapping) else None
    return found.spec(by, nodata or "$no_value")


def categories_spec(by: str, tones: Mapping[str, str], other: str) -> dict[str, Any]:
    """A colour spec of categories, the rest as `other`."""
    return {"by": by, "cats": dict(tones), "other": other}


def signs_of_classes(shape: str, found: Classes, words: Sequence[str]) -> list[dict[str, Any]]:
    """Legend lines of classes: `words` are the limits as they are said."""
    return [
        {"shape": shape, "color": tone, "zh": said, "en": said}
        for tone, said in zip(found.colours, words, strict=True)
    ]


def signs_of_categories(shape: str, tones: Mapping[str, str], other: str) -> list[dict[str, Any]]:
    """Legend lines of categories by their codes, and of the rest."""
    return [
        *(
            {"shape": shape, "color": tone, "zh": code, "en": code, "code": code}
            for code, tone in tones.items()
        ),
        {"shape": shape, "color": other, "zh": "其他", "en": "Other"},
    ]


def as_text(raw: RawStyle) -> str:
    """The whole style as indented JSON."""
    return json.dumps(raw, ensure_ascii=False, indent=1)


def from_text(text: str) -> dict[str, Any]:
    """
    A style that somebody wrote as JSON; whether it can be drawn, `check_style` says.

    Raises
    ------
    Invalid
        When it is no JSON; names the line.
    """
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Invalid(
            N_("This style cannot be drawn; nothing was saved."),
            faults=[fault("text", N_("Line {line} is no JSON."), line=line)],
        ) from error
    if not isinstance(found, dict):
        raise Invalid(
            N_("This style cannot be drawn; nothing was saved."),
            faults=[fault("text", N_("Line {line} is no JSON."), line=1)],
        )
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)
