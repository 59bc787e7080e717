"""What each setting of a district means, for people: the table `data/cases/settings.csv`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import Term
from gis.standards.csvfile import read_table

SECTIONS: Final[Mapping[str, Term]] = {
    "clocks": Term("计时", "Clocks"),
    "stages": Term("阶段时限", "Limits of stages"),
    "moves": Term("流转", "Moves"),
    "intake": Term("受理与定位", "Intake"),
    "checks": Term("核查与审计", "Checks and audit"),
    "photos": Term("照片与附件", "Photos and files"),
    "duplicates": Term("重复与多发", "Duplicates and repeats"),
    "callers": Term("来电与回访", "Callers"),
    "signing_in": Term("登录", "Signing in"),
    "district": Term("本区", "District"),
}
OTHER: Final = Term("其他", "Other")
ORIGINS: Final[Mapping[str, Term]] = {
    "sourced": Term("有出处", "sourced"),
    "one_city": Term("一地做法", "one city's rule"),
    "ours": Term("本系统建议", "proposed by us"),
}


@dataclass(frozen=True, slots=True)
class SettingWords:
    """A row of the table."""

    key: str
    section: str
    origin: Term
    meaning: Term


WORDS: Final[Mapping[str, SettingWords]] = {
    row["key"]: SettingWords(
        row["key"],
        row["section"],
        ORIGINS[row["origin"]],
        Term(row["meaning_zh"], row["meaning_en"]),
    )
    for row in read_table(
        "cases/settings", ["key", "section", "origin", "meaning_zh", "meaning_en"]
    )
}


def words_of(key: str) -> SettingWords:
    """What a setting means; one that the table does not name says its own key."""
    return WORDS.get(key) or SettingWords(key, "", ORIGINS["ours"], Term(key, key))


def value_in_words(value: Any) -> str:
    """A value as it is shown and typed: lists with commas, numbers without needless zeros."""
    if isinstance(value, list | tuple):
        return ", ".join("-".join(v) if isinstance(v, list | tuple) else str(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
