"""Readings of Chinese names."""

import csv

import pytest

from gis.places.pinyin import readings, search_key, syllables
from gis.standards.csvfile import DATA


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("王府井", "wang fu jing"),
        ("朝阳门内大街", "chao yang men nei da jie"),
        ("长安街", "chang an jie"),
        ("什刹海", "shi cha hai"),
        ("演乐胡同", "yan yue hu tong"),
        ("中国银行", "zhong guo yin hang"),
        ("G6辅路", "g6 fu lu"),
        ("第2 小学（东区）", "di 2 xiao xue dong qu"),
        ("KFC", "kfc"),
        ("", ""),
        ("——", ""),
    ],
)
def test_a_name_reads_as_people_say_it(name: str, reading: str) -> None:
    assert syllables(name) == reading.split()


def test_a_search_key_holds_the_whole_reading_and_the_initials() -> None:
    assert search_key("南锣鼓巷") == "nanluoguxiang nlgx"
    assert search_key("……") == ""


@pytest.mark.parametrize("file", ["dongcheng_streets", "dongcheng_communities"])
def test_the_table_agrees_with_the_readings_of_streets_and_communities(file: str) -> None:
    with (DATA / "areas" / f"{file}.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = row["name_zh"].removesuffix("街道" if "streets" in file else "社区")
            assert search_key(name) == f"{row['pinyin']} {row['initials']}"


def test_every_entry_is_lower_case_latin_and_as_long_as_its_text() -> None:
    for text, parts in readings().items():
        assert len(parts) == len(text)
        assert all(part.isascii() and part.isalpha() and part.islower() for part in parts)
