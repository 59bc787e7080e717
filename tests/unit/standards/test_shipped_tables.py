"""What the shipped tables must be, whatever is edited in them."""

import re
from collections import Counter

import pytest

from gis.standards.csvfile import DATA, flag, read_table, words
from gis.standards.model import EDITIONS, Confidence
from gis.worktime.model import Unit

CLASSES = {kind: read_table(f"standards/{kind}_classes", []) for kind in ("component", "event")}
RULES = read_table("standards/handling_rules", [])
SOURCES = {row["code"] for row in read_table("standards/sources", [])}
TABLES = [
    "areas/dongcheng_communities", "areas/dongcheng_streets", "areas/upper", "cases/guards",
    "cases/moves", "cases/stage_limits", "cases/states", "standards/component_classes",
    "standards/event_classes", "standards/handling_rules", "standards/land_use_2023",
    "standards/pipe_materials", "standards/pipeline_kinds", "standards/sources",
    "worktime/notices",
]  # fmt: skip
HEX = re.compile(r"#[0-9A-F]{6}")


def named(kind: str, edition: str) -> list[dict[str, str]]:
    return [r for r in CLASSES[kind] if r["edition"] == edition and not flag(r["reserved"])]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_known_confidence_and_a_listed_source(name: str) -> None:
    for row in read_table(name, ["confidence"]):
        Confidence(row["confidence"])
        if "source" in row:
            assert set(row["source"].split(";")) <= SOURCES, row


@pytest.mark.parametrize(
    ("kind", "edition", "classes", "reserved"),
    [
        ("component", "2007", 85, 0),
        ("component", "2013", 121, 3),
        ("component", "2026", 153, 0),
        ("event", "2007", 54, 0),
        ("event", "2013", 83, 7),
        ("event", "2026", 250, 0),
    ],
)
def test_each_edition_has_the_size_its_standard_is_known_by(
    kind: str, edition: str, classes: int, reserved: int
) -> None:
    rows = [r for r in CLASSES[kind] if r["edition"] == edition]
    assert len(rows) == classes
    assert sum(flag(r["reserved"]) for r in rows) == reserved


def test_the_main_classes_of_2007_and_2013_have_the_published_sizes() -> None:
    def sizes(kind: str, edition: str) -> list[int]:
        rows = [r for r in CLASSES[kind] if r["edition"] == edition]
        return list(Counter(r["class_code"] for r in rows).values())

    assert sizes("component", "2007") == [38, 17, 11, 10, 3, 6]
    assert sizes("component", "2013") == [57, 31, 14, 10, 9]
    assert sizes("event", "2013") == [38, 7, 12, 10, 8, 8]
    assert sizes("component", "2026") == [76, 44, 16, 14, 3]


@pytest.mark.parametrize("kind", ["component", "event"])
def test_codes_are_unique_in_their_edition_and_begin_with_their_main_class(kind: str) -> None:
    keys = Counter((r["edition"], r["code"]) for r in CLASSES[kind])
    assert set(keys.values()) == {1}
    for row in CLASSES[kind]:
        assert row["edition"] in EDITIONS
        assert re.fullmatch(r"\d{4}" if row["edition"] != "2026" else r"\d{5}", row["code"])
        assert row["code"].startswith(row["class_code"])


@pytest.mark.parametrize("kind", ["component", "event"])
def test_a_row_without_a_name_is_reserved_and_every_other_has_both_names(kind: str) -> None:
    for row in CLASSES[kind]:
        assert flag(row["reserved"]) == (not row["name_zh"]) == (not row["name_en"])
        assert row["class_zh"]
        assert row["class_en"]


@pytest.mark.parametrize("kind", ["component", "event"])
def test_a_mapped_2026_code_exists_in_the_2026_list(kind: str) -> None:
    codes_2026 = {r["code"] for r in CLASSES[kind] if r["edition"] == "2026"}
    for row in CLASSES[kind]:
        assert set(words(row["code_2026"], ";")) <= codes_2026


def test_0101_means_one_thing_among_components_and_another_among_events() -> None:
    names = {
        k: next(r["name_zh"] for r in named(k, "2013") if r["code"] == "0101") for k in CLASSES
    }
    assert names == {"component": "上水井盖", "event": "私搭乱建"}


def test_rules_have_known_units_and_number_their_conditions_from_one() -> None:
    numbers: dict[tuple[str, str, str], list[int]] = {}
    for row in RULES:
        unit = Unit(row["limit_unit"])
        assert float(row["limit_value"]) > 0
        assert (row["clock"] == "working") == unit.is_working
        assert row["limit_zh"] == row["limit_value"] + unit.label.zh
        numbers.setdefault((row["kind"], row["edition"], row["code"]), []).append(
            int(row["condition_no"])
        )
    for found in numbers.values():
        assert found == list(range(1, len(found) + 1))


def test_a_national_rule_belongs_to_a_named_class_and_a_local_one_to_none() -> None:
    known = {
        (k, r["edition"], r["code"]) for k, rows in CLASSES.items() for r in rows if r["name_zh"]
    }
    for row in RULES:
        key = (row["kind"], row["edition"], row["code"])
        assert (key in known) == (row["code_origin"] == "national")


def test_every_rule_says_whose_it_is_and_none_claims_to_be_national_law() -> None:
    scopes = Counter(row["scope"] for row in RULES)
    assert set(scopes) == {"city:yuncheng", "city:jiyuan", "default"}
    assert all(r["confidence"] == "proposed" for r in RULES if r["scope"] == "default")


def test_the_rules_of_a_water_manhole_are_those_of_the_citys_table() -> None:
    rows = [
        r for r in RULES if (r["kind"], r["edition"], r["code"]) == ("component", "2013", "0101")
    ]
    limits = [(r["limit_value"], r["limit_unit"]) for r in rows]
    assert limits == [
        ("2", "urgent_hour"), ("4", "working_hour"), ("2", "working_day"), ("5", "working_day"),
    ]  # fmt: skip


def test_pipelines_have_eight_groups_37_kinds_and_the_colours_of_2017() -> None:
    rows = [r for r in read_table("standards/pipeline_kinds", []) if r["edition"] == "CJJ 61-2017"]
    groups = {r["code"] for r in rows if not r["parent_code"]}
    assert groups == {"JS", "PS", "RQ", "RL", "DL", "TX", "GY", "QT"}
    kinds = [r for r in rows if r["parent_code"]]
    assert len(kinds) == 37
    assert all(r["parent_code"] in groups for r in kinds)
    assert all(HEX.fullmatch(r["colour"]) and HEX.fullmatch(r["ui_colour"]) for r in rows)
    colour = {r["code"]: r["colour"] for r in rows}
    assert (colour["JS"], colour["RQ"], colour["DL"]) == ("#00FFFF", "#FF00FF", "#FF0000")


def test_land_use_has_24_111_and_40_classes_below_their_parents() -> None:
    rows = read_table("standards/land_use_2023", [])
    assert Counter(r["level"] for r in rows) == {"1": 24, "2": 111, "3": 40}
    codes = {r["code"] for r in rows}
    for row in rows:
        assert row["parent_code"] == row["code"][:-2]
        assert row["parent_code"] in codes or row["level"] == "1"
        assert HEX.fullmatch(row["colour"])


def test_dongcheng_has_17_streets_and_169_communities_each_below_its_street() -> None:
    streets = {r["code"]: r for r in read_table("areas/dongcheng_streets", [])}
    communities = read_table("areas/dongcheng_communities", [])
    assert (len(streets), len(communities)) == (17, 169)
    assert len({r["code"] for r in communities}) == 169
    for row in communities:
        assert row["parent_code"] == row["code"][:9]
        assert row["parent_code"] in streets
        assert row["committee_zh"] == f"{row['name_zh']}居委会"
        assert re.fullmatch(r"[A-Z][A-Za-z' ]+ Community", row["name_en"])
    assert streets["110101007"]["name_en"] == "Chaoyangmen Subdistrict"


def test_every_rule_that_is_loaded_has_its_conditions_in_both_languages() -> None:
    for row in RULES:
        if row["code_origin"] == "local":
            continue
        assert row["filing_condition_zh"]
        assert row["filing_condition_en"]
        assert bool(row["closing_condition_zh"]) == bool(row["closing_condition_en"])


def test_the_glossary_has_every_state_move_unit_and_role() -> None:
    glossary = (DATA.parent / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = [f"`State.{row['state']}`" for row in read_table("cases/states", [])]
    names += [f"`Move.{row['move'].upper()}`" for row in read_table("cases/moves", [])]
    names += [f"role `{row['role']}`" for row in read_table("accounts/roles", [])]
    names += [f"`Unit.{unit.name}`" for unit in Unit]
    assert [name for name in names if name not in glossary] == []
