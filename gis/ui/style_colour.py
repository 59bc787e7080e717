"""The colour of a rule: one, by categories, or by classes made from the values that are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gis.accounts.model import Actor, require
from gis.catalog.classes import METHODS, Classes, classify, classify_by_limits
from gis.catalog.layers import Layer
from gis.catalog.palettes import ramps, spread
from gis.catalog.style_check import attributes_of
from gis.catalog.style_draft import (
    CATEGORIES,
    CLASSES,
    PALETTE,
    SINGLE,
    ZOOMS,
    categories_spec,
    classes_spec,
    colour_chosen,
    colour_shown,
    limits_of,
    signs_of_categories,
    signs_of_classes,
    way_of,
)
from gis.catalog.style_specs import CATEGORIES_MOST
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.tiles.field_values import FieldValues
from gis.ui.cache import field_values
from gis.ui.db import escape_markdown, shown_errors
from gis.ui.words import _, local_number, locale

DISTINCT = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6d31", "#6b6ecf",
    "#999999", "#1b4f72", "#b7791f", "#3d7a3d",
)  # fmt: skip
"""For categories: Okabe and Ito's set, told apart by colour-blind eyes, and four more."""
MEANING = "meaning"


@dataclass(frozen=True)
class Made:
    """A colour and, where it was just made from values, the lines of the legend that go with it."""

    color: Any
    legend: list[dict[str, Any]] | None = None
    note: str = ""


def colour_fields(actor: Actor, layer: Layer, rule: Mapping[str, Any], key: str) -> Made:
    """The widgets of a colour; answers what they say."""
    spec = rule["color"]
    held = way_of(spec)
    words = {
        SINGLE: _("One colour"),
        CATEGORIES: _("Categories"),
        CLASSES: _("Classes"),
        PALETTE: _("Standard"),
        ZOOMS: _("By zoom"),
    }
    ways = [SINGLE, CATEGORIES, CLASSES, *([held] if held in (PALETTE, ZOOMS) else [])]
    way = st.segmented_control(
        _("Colour"), ways, default=held, format_func=words.__getitem__, key=f"{key}.way",
        required=True,
    )  # fmt: skip
    if way == SINGLE:
        return _single(spec, f"{key}.one")
    if way in (PALETTE, ZOOMS):
        st.caption(_("These colours are kept as they are. Another way replaces them."))
        return Made(spec)
    fields = attributes_of(layer, rule["source"])
    if not fields:
        st.info(_("The tiles carry no field here: only one colour is possible."))
        return Made(spec)
    by = spec.get("by") if isinstance(spec, Mapping) else None
    field = st.selectbox(
        _("Field"), fields, index=fields.index(by) if by in fields else 0, key=f"{key}.field"
    )
    make = _categories if way == CATEGORIES else _classes
    return make(actor, layer, rule, str(field), key)


def _single(spec: Any, key: str) -> Made:
    before = spec if isinstance(spec, str) else "#2b6cb0"
    return Made(colour_chosen(st.color_picker(_("Colour"), colour_shown(before), key=key), before))


def _read(actor: Actor, layer: Layer, source: str, field: str) -> FieldValues:
    require(actor, layer.permission)  # what another had read may lie in the cache
    return field_values(actor.scope.key, layer.id, source, field, _actor=actor)


# ------------------------------------------------------------------ categories


def _categories(actor: Actor, layer: Layer, rule: Mapping[str, Any], field: str, key: str) -> Made:
    most = st.number_input(
        _("How many, the most frequent first"), 1, CATEGORIES_MOST, 8, key=f"{key}.many"
    )
    spec = rule["color"]
    if st.button(_("Take the values that are there"), key=f"{key}.take"):
        with shown_errors():
            return _taken(_read(actor, layer, rule["source"], field), rule, field, int(most))
    if way_of(spec) != CATEGORIES or spec["by"] != field:
        st.caption(_("The rule stays as it is until values are taken."))
        return Made(spec)
    cells = st.columns(4)
    tones = {
        code: colour_chosen(
            cells[n % 4].color_picker(
                escape_markdown(code), colour_shown(tone), key=f"{key}.cat.{code}"
            ),
            tone,
        )
        if isinstance(tone, str)
        else tone
        for n, (code, tone) in enumerate(spec["cats"].items())
    }
    before = spec.get("other") or "#64748b"
    other = st.color_picker(_("Other"), colour_shown(before), key=f"{key}.other")
    return Made(categories_spec(field, tones, colour_chosen(other, before)))


def _taken(found: FieldValues, rule: Mapping[str, Any], field: str, most: int) -> Made:
    if not found.codes:
        raise Invalid(
            N_("These classes cannot be made."),
            faults=[fault("field", N_("The field holds no value in your area."))],
        )
    codes = [code.value for code in found.codes[:most]]
    tones = {code: DISTINCT[n % len(DISTINCT)] for n, code in enumerate(codes)}
    signs = signs_of_categories(rule["kind"], tones, "#64748b")
    note = _(
        "{count} different values: the {most} most frequent have a colour, the rest is “other”."
    )
    said = note.format(count=local_number(found.kinds), most=most) if found.kinds > most else ""
    return Made(categories_spec(field, tones, "#64748b"), signs, said)


# ------------------------------------------------------------------ classes


def _classes(actor: Actor, layer: Layer, rule: Mapping[str, Any], field: str, key: str) -> Made:
    words = {
        "quantile": _("Equal counts (quantiles)"),
        "equal": _("Equal widths"),
        "natural": _("Natural breaks"),
        MEANING: _("By meaning"),
    }
    method = st.selectbox(
        _("Method"), [*METHODS, MEANING], format_func=words.__getitem__, key=f"{key}.method"
    )
    left, right = st.columns(2)
    ramp = right.selectbox(
        _("Ramp"), list(ramps()), key=f"{key}.ramp",
        format_func=lambda name: ramps()[name].title.text(locale()),
    )  # fmt: skip
    if method == MEANING:
        limits, k = left.text_input(_("Limits"), "10, 50, 100", key=f"{key}.limits"), 0
    else:
        limits, k = "", int(left.number_input(_("Classes"), 2, 7, 5, key=f"{key}.k"))
    _swatches(ramps()[ramp].of(k or 5))
    if st.button(_("Make these classes"), key=f"{key}.make"):
        with shown_errors():
            found = _cut(actor, layer, rule, field, method, k, limits, ramp)
            signs = signs_of_classes(rule["kind"], found, _limit_words(found))
            return Made(classes_spec(found, field, rule["color"]), signs)
    spec = rule["color"]
    if way_of(spec) == CLASSES:
        _swatches(spec["range"])
        st.caption(_("Limits now: {limits}").format(
            limits=", ".join(f"{stop:g}" for stop in spec["stops"]) or "–"))  # fmt: skip
    return Made(spec)


def _cut(
    actor: Actor, layer: Layer, rule: Mapping[str, Any], field: str, method: str, k: int,
    limits: str, ramp: str,
) -> Classes:  # fmt: skip
    if method == MEANING:
        stops = limits_of(limits)
        return classify_by_limits([], stops, spread(ramps()[ramp].of(7), len(stops) + 1))
    values = _read(actor, layer, rule["source"], field)
    if values.numbers is None:
        raise Invalid(
            N_("These classes cannot be made."),
            faults=[fault("field", N_("The field holds no numbers: take categories."))],
        )
    return classify(values.numbers, method, k, ramps()[ramp].of(k))


def _limit_words(found: Classes) -> list[str]:
    if found.limits is not None:
        stops = [f"{stop:g}" for stop in found.limits]
        ends = [f"< {stops[0]}", *(f"{a} – {b}" for a, b in zip(stops, stops[1:], strict=False))]
        return [*ends, f"≥ {stops[-1]}"]
    return [f"{c.low:g} – {c.high:g}" if c.low < c.high else f"{c.low:g}" for c in found.classes]


def _swatches(tones: Any) -> None:
    """Colours in a row; each has been checked or comes from us."""
    cells = "".join(
        f'<span style="background:{colour_shown(tone)};width:28px;height:14px"></span>'
        for tone in tones
    )
    st.html(f'<div style="display:flex">{cells}</div>')
