"""Colours measured, not believed: ramps for colour-blind eyes, named colours on both grounds."""

import itertools
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from gis.catalog.layers import layers
from gis.catalog.palettes import Ramp, colours, palette, palette_names, ramps, spread
from gis.catalog.styles import legend_signs, shipped_style
from gis.catalog.themes import THEMES, resolve_theme

Floats = NDArray[np.float64]
HEX = re.compile(r"^#[0-9a-f]{6}(?:[0-9a-f]{2})?$", re.IGNORECASE)
SEEN_APART = 3.5
"""Least CIEDE2000 difference of two classes: half more than just noticeable (2.3)."""

SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip
"""Machado, Oliveira and Fernandes 2009, severity 1.0, on linear sRGB."""


def linear(colour: str) -> Floats:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    found: Floats = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return found


def lab(colour: str, sight: str = "normal") -> Floats:
    """CIELAB under D65, as somebody with this sight sees the colour."""
    rgb = np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    xyz = to_xyz @ rgb / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: Floats, two: Floats) -> float:
    """Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7))) / 2
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1 - 0.17 * np.cos(np.radians(hm - 30)) + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6)) - 0.2 * np.cos(np.radians(4 * hm - 63))
    )  # fmt: skip
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rc = 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2)))) * rc
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh))


def apart(one: str, two: str, sight: str) -> float:
    return ciede2000(lab(one, sight), lab(two, sight))


def test_the_difference_of_colours_is_that_of_the_published_pairs() -> None:
    """Sharma et al., table 1, pairs 1, 7 and 17."""
    for one, two, known in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ):
        assert ciede2000(np.array(one), np.array(two)) == pytest.approx(known, abs=1e-4)


CASES = [(ramp, k) for ramp in ramps().values() for k in ramp.colours]
IDS = [f"{ramp.name} {k}" for ramp, k in CASES]


@pytest.mark.parametrize("ramp", ramps().values(), ids=lambda ramp: ramp.name)
def test_every_ramp_has_five_to_seven_classes_a_source_and_a_licence(ramp: Ramp) -> None:
    assert sorted(ramp.colours) == [5, 6, 7]
    assert all(len(tones) == k for k, tones in ramp.colours.items())
    assert all(HEX.match(tone) for tones in ramp.colours.values() for tone in tones)
    assert ramp.source
    assert ramp.licence
    assert ramp.title.zh
    assert ramp.kind in {"sequential", "diverging"}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("ramp", "k"), CASES, ids=IDS)
def test_lightness_falls_with_the_class(ramp: Ramp, k: int, sight: str) -> None:
    """Sequential: light is little. Diverging: the middle is the lightest, for every sight."""
    light = [lab(tone, sight)[0] for tone in ramp.of(k)]
    if ramp.kind == "sequential":
        assert light == sorted(light, reverse=True)
        return
    half = (k + 1) // 2
    assert light[:half] == sorted(light[:half])
    assert light[-half:] == sorted(light[-half:], reverse=True)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("ramp", "k"), CASES, ids=IDS)
def test_classes_are_told_apart(ramp: Ramp, k: int, sight: str) -> None:
    for one, two in itertools.combinations(ramp.of(k), 2):
        assert apart(one, two, sight) >= SEEN_APART, (one, two)


def test_fewer_classes_take_both_ends_of_a_ramp() -> None:
    ramp = ramps()["blues"]
    assert ramp.of(2) == (ramp.of(5)[0], ramp.of(5)[-1])
    assert ramp.of(1) == (ramp.of(5)[2],)
    assert spread("ab", 3) == ["a", "a", "b"]


@pytest.mark.parametrize("name", colours())
def test_a_named_colour_has_a_light_and_a_dark_side(name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert set(colours()[name]) == set(THEMES)
    assert all(HEX.match(tone) for tone in colours()[name].values())


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", THEMES)
def test_lamps_are_told_apart_by_every_eye(theme: str, sight: str) -> None:
    lamps = [colours()[f"lamp_{name}"][theme] for name in ("red", "yellow", "green", "none")]
    for one, two in itertools.combinations(lamps, 2):
        assert apart(one, two, sight) >= 3 * SEEN_APART, (one, two)


def contrast(one: str, two: str) -> float:
    """WCAG 2.2: (L1 + 0.05) / (L2 + 0.05)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = sorted((float(weights @ linear(c)) for c in (one, two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [n for n in colours() if n.endswith(("_text", "_text_small"))])
def test_labels_are_readable_on_paper_and_halo(name: str, theme: str) -> None:
    for ground in ("paper", "halo"):
        assert contrast(colours()[name][theme], colours()[ground][theme]) >= 4.5, ground


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [("on_dark", "lamp_red"), ("on_yellow", "lamp_yellow"), ("on_dark", "lamp_green"),
     ("on_dark", "lamp_none")],
)  # fmt: skip
def test_counts_are_readable_in_their_circles(text: str, ground: str, theme: str) -> None:
    assert contrast(colours()[text][theme], colours()[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layer", layers().values(), ids=lambda layer: layer.id)
def test_no_name_is_left_when_a_theme_has_resolved_a_style(layer: object, theme: str) -> None:
    style = resolve_theme(shipped_style(layer), theme)  # type: ignore[arg-type]
    said = repr((style.rules, style.labels, style.legend))
    assert "$" not in said
    assert "palette" not in said


@pytest.mark.parametrize("theme", THEMES)
def test_the_palettes_of_the_standards_are_the_same_in_both_themes(theme: str) -> None:
    for layer_id, name in (("pipelines", "pipeline_kind"), ("land_use", "land_use_2023")):
        style = resolve_theme(shipped_style(layers()[layer_id]), theme)  # type: ignore[arg-type]
        cats = style.rules[0]["color"]["cats"]
        assert cats == {code: tone.color for code, tone in palette(name).items()}


def test_every_palette_that_is_named_exists() -> None:
    assert all(palette(name) for name in palette_names())


def test_storm_water_is_dashed_in_the_legend_too() -> None:
    signs = {s.code: s for s in legend_signs(shipped_style(layers()["pipelines"]), None)}
    assert signs["YS"].dash == (6, 6)
    assert signs["JS"].dash == ()
    assert [s.code for s in legend_signs(shipped_style(layers()["pipelines"]), ["YS", "??"])] == [
        "YS"
    ]
