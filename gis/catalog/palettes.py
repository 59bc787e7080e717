"""Colours of code lists: the standards' own for pipelines and land use, ours for components."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gis.errors import Term
from gis.standards.csvfile import DATA, read_table

STANDARDS = DATA / "standards"

COMPONENT_COLOURS = {
    "01": "#2b6cb0",
    "02": "#b7791f",
    "03": "#805ad5",
    "04": "#2f855a",
    "05": "#64748b",
    "06": "#9d5c63",
}
"""One per main class: apart for colour-blind eyes, dark enough on paper."""


@dataclass(frozen=True)
class Tone:
    """The colour and name of one code."""

    code: str
    color: str
    title: Term


def _pipeline_kinds() -> list[Tone]:
    """Appendix B of CJJ 61-2017; local lists without a colour of their own are left out."""
    columns = ("edition", "code", "name_zh", "name_en", "colour")
    return [
        Tone(row["code"], row["colour"], Term(row["name_zh"], row["name_en"]))
        for row in read_table("pipeline_kinds", columns, folder=STANDARDS)
        if row["colour"] and row["edition"] == "CJJ 61-2017"
    ]


def _land_uses() -> list[Tone]:
    columns = ("code", "name_zh", "name_en", "colour")
    return [
        Tone(row["code"], row["colour"], Term(row["name_zh"], row["name_en"]))
        for row in read_table("land_use_2023", columns, folder=STANDARDS)
        if row["colour"]
    ]


def _component_classes() -> list[Tone]:
    """The main classes of edition 2013; tiles carry them as numbers without the leading zero."""
    columns = ("edition", "class_code", "class_zh", "class_en")
    names = {
        row["class_code"]: Term(row["class_zh"], row["class_en"])
        for row in read_table("component_classes", columns, folder=STANDARDS)
        if row["edition"] == "2013"
    }
    return [Tone(str(int(code)), COMPONENT_COLOURS[code], names[code]) for code in sorted(names)]


_PALETTES = {
    "pipeline_kind": _pipeline_kinds,
    "land_use_2023": _land_uses,
    "component_class": _component_classes,
}


@cache
def palette(name: str) -> Mapping[str, Tone]:
    """
    The tones of a code list by code, in the order of the standard.

    Raises
    ------
    KeyError
        For a palette that does not exist.
    """
    return {tone.code: tone for tone in _PALETTES[name]()}
