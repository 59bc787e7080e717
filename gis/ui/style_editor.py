"""The form of a style: its rules, its labels, or the whole of it as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gis.accounts.model import Actor
from gis.catalog.details import words
from gis.catalog.layers import Layer
from gis.catalog.style_check import attributes_of, faults_of
from gis.catalog.style_draft import (
    NUMBERS,
    as_text,
    colour_chosen,
    colour_shown,
    copied,
    from_text,
    number_spec,
    number_text,
    parts_of,
    with_part,
)
from gis.catalog.style_specs import ZOOMS
from gis.catalog.styles import RawStyle
from gis.errors import Invalid
from gis.ui.db import shown_errors
from gis.ui.session import say_next
from gis.ui.style_colour import colour_fields
from gis.ui.words import _, locale

_DRAFT = "styles.draft"


@dataclass(frozen=True)
class Draft:
    """What somebody is making of a layer's style; `version` is what it was read at."""

    layer: str
    version: int
    raw: RawStyle
    turn: int
    """Rises when the form is filled anew: widgets then forget what they showed."""


def draft() -> Draft | None:
    """The style in work, if there is one."""
    found: Draft | None = st.session_state.get(_DRAFT)
    return found


def begin(layer: Layer, raw: RawStyle, version: int) -> Draft:
    """Begin with the style that is shown."""
    before = draft()
    return _keep(Draft(layer.id, version, copied(raw), before.turn + 1 if before else 0))


def forget() -> None:
    """The next run begins with what is saved."""
    held = draft()
    if held is not None:
        _keep(Draft("", 0, {}, held.turn))


def _keep(new: Draft) -> Draft:
    st.session_state[_DRAFT] = new
    return new


def _changed(held: Draft, raw: RawStyle, *, anew: bool = False) -> Draft:
    return _keep(Draft(held.layer, held.version, raw, held.turn + anew))


def form(actor: Actor, layer: Layer, held: Draft) -> Draft:
    """The widgets; answers the style they describe."""
    parts = {"rules": _("Rules"), "labels": _("Labels"), "text": _("Text")}
    shown = parts_of(held.raw, faults_of(held.raw, layer))
    part = st.segmented_control(
        _("Part"), shown, default=shown[0], format_func=parts.__getitem__, required=True,
        key=f"styles.part.{layer.id}", label_visibility="collapsed",
    )  # fmt: skip
    if part == "text":
        return _text(held)
    entries = held.raw[part]
    index = st.selectbox(
        parts[part], range(len(entries)), key=f"styles.{layer.id}.{part}.{held.turn}",
        format_func=lambda n: _title(entries[n], n),
    )  # fmt: skip
    key = f"styles.{layer.id}.{part}.{index}.{held.turn}"
    if part == "labels":
        return _changed(held, with_part(held.raw, part, index, _label(layer, entries[index], key)))
    return _rule(actor, layer, held, index, key)


def _title(entry: Mapping[str, Any], number: int) -> str:
    kinds = {"fill": _("area"), "line": _("line"), "circle": _("circle"), "icon": _("icon")}
    source = str(entry["source"]).removesuffix("_label")
    term = words().get(("source", source))
    name = term.text(locale()) if term else source
    what = kinds.get(entry.get("kind", ""), _("text"))
    only = ", ".join(
        f"{key} = {'/'.join(map(str, allowed))}" for key, allowed in entry.get("filter", {}).items()
    )
    return " · ".join(filter(None, [str(number + 1), name, what, only, _span(entry)]))


def _span(entry: Mapping[str, Any]) -> str:
    if "minzoom" not in entry and "maxzoom" not in entry:
        return ""
    return f"z{entry.get('minzoom', '')}–{entry.get('maxzoom', '')}"


def _rule(actor: Actor, layer: Layer, held: Draft, index: int, key: str) -> Draft:
    rule = held.raw["rules"][index]
    made = colour_fields(actor, layer, rule, key)
    changed = {**rule, "color": made.color}
    for name, cell in zip(NUMBERS[rule["kind"]], st.columns(2), strict=False):
        with cell:
            changed[name] = _number(name, rule.get(name), key)
    for part in ("outline", "casing"):
        if part in rule:
            changed[part] = _edge(part, rule[part], key)
    changed |= _zooms(rule, key)
    raw = with_part(held.raw, "rules", index, changed)
    if made.legend is not None:
        raw["legend"] = made.legend
        raw.pop("legend_from", None)
        _changed(held, raw, anew=True)
        if made.note:
            say_next(made.note)
        st.rerun()
    return _changed(held, raw)


def _number(name: str, spec: Any, key: str) -> Any:
    """One number, or numbers by zoom; what follows a field is left to the text."""
    names = {
        "width": _("Width"), "radius": _("Radius"), "size": _("Size"), "opacity": _("Opacity"),
    }  # fmt: skip
    if isinstance(spec, Mapping) and "zoom" not in spec:
        st.caption(_("{name} follows the field {field}.").format(
            name=names[name], field=str(spec.get("by"))))  # fmt: skip
        return spec
    typed = st.text_input(
        names[name], number_text(spec), key=f"{key}.{name}", max_chars=120,
        help=_("A number, or numbers by zoom such as 12: 1, 16: 3."),
    )  # fmt: skip
    try:
        return number_spec(typed, name)
    except Invalid:
        return typed  # kept in the form; the check of the style names it and nothing is saved


def _edge(part: str, spec: Mapping[str, Any], key: str) -> dict[str, Any]:
    names = {"outline": _("Outline"), "casing": _("Casing")}
    left, right = st.columns(2)
    before = spec.get("color", "#ffffff")
    picked = left.color_picker(names[part], colour_shown(before), key=f"{key}.{part}.color")
    with right:
        width = _number("width", spec.get("width", 1), f"{key}.{part}")
    return {**spec, "color": colour_chosen(picked, before), "width": width}


def _zooms(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    low, high = st.slider(
        _("Zooms"), *ZOOMS, (int(entry.get("minzoom", 0)), int(entry.get("maxzoom", 22))),
        key=f"{key}.zooms",
    )  # fmt: skip
    return {"minzoom": low or None, "maxzoom": high if high < ZOOMS[1] else None}


def _label(layer: Layer, label: Mapping[str, Any], key: str) -> dict[str, Any]:
    fields = ["@name", *attributes_of(layer, label["source"])]
    fields = [name for name in fields if name != "@name" or {"zh", "en"} <= set(fields)]
    changed = dict(label)
    changed["text"] = st.selectbox(
        _("Field"), fields, key=f"{key}.text",
        index=fields.index(label["text"]) if label["text"] in fields else 0,
        format_func=lambda name: _("name in the reader's language") if name == "@name" else name,
    )  # fmt: skip
    left, middle, right = st.columns(3)
    for name, cell, title in (("color", left, _("Colour")), ("halo", middle, _("Halo"))):
        before = label.get(name, "$halo" if name == "halo" else "#33393b")
        picked = cell.color_picker(title, colour_shown(before), key=f"{key}.{name}")
        changed[name] = colour_chosen(picked, before)
    with right:
        changed["weight"] = 700 if st.checkbox(
            _("Bold"), label.get("weight", 400) > 400, key=f"{key}.bold"
        ) else None  # fmt: skip
    changed["size"] = _number("size", label.get("size", 12), key)
    return changed | _zooms(label, key)


def _text(held: Draft) -> Draft:
    typed = st.text_area(
        _("The whole style (JSON)"), as_text(held.raw), height=460,
        key=f"styles.text.{held.layer}.{held.turn}",
        help=_("Every rule, label and sign; docs/map.md explains the words."),
    )  # fmt: skip
    with shown_errors():
        return _changed(held, from_text(typed))
    return _changed(held, {})
