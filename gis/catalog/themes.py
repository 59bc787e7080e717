"""Light and dark: colours by name (data/catalog/colours.csv) and palettes become plain colours."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from gis.catalog.layers import Sign
from gis.catalog.palettes import colours, palette
from gis.catalog.styles import Style

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def colour(text: str, theme: Theme) -> str:
    """`#rrggbb` as it is, `$name` as the theme has it."""
    return colours()[text[1:]][theme] if text.startswith("$") else text


def _resolved(part: Any, theme: Theme) -> Any:
    if isinstance(part, str):
        return colour(part, theme) if part.startswith("$") else part
    if isinstance(part, Mapping):
        if "palette" in part:
            tones = {code: tone.color for code, tone in palette(part["palette"]).items()}
            part = {k: v for k, v in part.items() if k != "palette"} | {"cats": tones}
        return {key: _resolved(value, theme) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_resolved(value, theme) for value in part]
    return part


def resolve_signs(signs: tuple[Sign, ...], theme: Theme) -> tuple[Sign, ...]:
    """Legend lines in the colours of a theme."""
    return tuple(replace(sign, color=colour(sign.color, theme)) for sign in signs)


def resolve_theme(style: Style, theme: Theme) -> Style:
    """
    The style as the browser takes it: no names, no palettes, plain colours only.

    The standards' palettes (pipelines, land use) are the same in both themes; what lifts them off
    a dark ground are the named casings and outlines of their rules.
    """
    return replace(
        style,
        rules=tuple(_resolved(rule, theme) for rule in style.rules),
        labels=tuple(_resolved(label, theme) for label in style.labels),
        legend=resolve_signs(style.legend, theme),
    )
