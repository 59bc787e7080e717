"""How each setting of a district is entered: as a number, a choice, times – codes never by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final
from zoneinfo import available_timezones

from sqlalchemy import Connection, text

from gis.accounts.model import Role, role_terms
from gis.cases.clocks.levels import LEVELS_MOST
from gis.cases.clocks.setting_rules import STAGE_LIMIT, parts_of
from gis.cases.district_settings import LEVEL_KEYS, PRODUCT_DEFAULTS, bounds_of
from gis.cases.evidence.model import Level
from gis.cases.screen import SOURCES
from gis.cases.setting_words import value_in_words
from gis.cases.workflow import STAGE_LIMITS
from gis.errors import Term
from gis.worktime.model import Unit, limit_from
from gis.worktime.queries import SESSIONS_SETTING


class InputKind(StrEnum):
    """Kinds of input."""

    NUMBER = "number"
    CHOICE = "choice"
    SEVERAL = "several"
    SESSIONS = "sessions"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class SettingInput:
    """What may be entered."""

    kind: InputKind
    choices: Mapping[str, Term] = field(default_factory=dict)
    rule: Term | None = None
    """What else must hold, said below the field."""
    bounds: tuple[int, int] = (1, 1)
    """The lowest and the highest value of a number."""


CLOCK_STARTS: Final = {
    "filing": Term("立案时", "at filing"),
    "dispatch": Term("派遣时", "at dispatch"),
}
EVIDENCE: Final = {
    Level.OFF.value: Term("不检查", "not looked at"),
    Level.NOTE.value: Term("记录", "noted"),
    Level.WARN.value: Term("提醒并说明原因", "warned about, with a reason"),
    Level.REFUSE.value: Term("拒绝", "refused"),
}
MOMENTS: Final = {
    "50%": Term("用去 50%", "half of the limit"),
    "yellow": Term("黄灯", "yellow lamp"),
    "red": Term("到期", "limit reached"),
    "red+1h": Term("超时 1 小时", "1 hour after"),
    "red+2h": Term("超时 2 小时", "2 hours after"),
    "red+4h": Term("超时 4 小时", "4 hours after"),
    "red+12h": Term("超时 12 小时", "12 hours after"),
    "red+1d": Term("超时 1 天", "1 day after"),
    "red+2d": Term("超时 2 天", "2 days after"),
    "red+3d": Term("超时 3 天", "3 days after"),
    "red+7d": Term("超时 7 天", "7 days after"),
}
"""The moments that are offered; others that a district has set stay offered there."""
_ONCE: Final = Term(
    f"每个时点只通知一个岗位，最多 {LEVELS_MOST} 项。",
    f"One post for each moment, {LEVELS_MOST} at most.",
)
_IN_ORDER: Final = Term(
    "每段先起后止，各段不重叠，可止于 24:00；清空一行即删除该段。",
    "Each session ends after it begins, 24:00 at the latest, and none overlap; an emptied line"
    " takes one out.",
)
_LEVEL_SETTINGS: Final = ("overdue_levels", "stage_overdue_levels")
_EDITIONS = text("SELECT DISTINCT edition FROM case_class ORDER BY edition DESC")
_DISTRICTS = text("SELECT code, name_zh, name_en FROM area WHERE level = 2 ORDER BY code")


def _levels() -> dict[str, Term]:
    return {
        f"{moment}:{role}": _level_words(moment, role)
        for moment in MOMENTS
        for role in Role
        if role is not Role.SYSTEM
    }


def _level_words(moment: str, role: str) -> Term:
    when, who = MOMENTS.get(moment, Term(moment, moment)), role_terms()[Role(role)]
    return Term(f"{when.zh} → {who.zh}", f"{when.en} → {who.en}")


def _one_in_words(word: str) -> Term:
    moment, colon, role = word.partition(":")
    return _level_words(moment, role) if colon and role in set(Role) else Term(word, word)


_BY_KEY: Final[Mapping[str, SettingInput]] = {
    SESSIONS_SETTING: SettingInput(InputKind.SESSIONS, rule=_IN_ORDER),
    "sources_to_verify": SettingInput(InputKind.SEVERAL, SOURCES),
    "clock_starts": SettingInput(InputKind.CHOICE, CLOCK_STARTS),
    "time_zone": SettingInput(
        InputKind.CHOICE, {z: Term(z, z) for z in sorted(available_timezones()) if "/" in z}
    ),
    **dict.fromkeys(
        (STAGE_LIMIT + name for name in STAGE_LIMITS),
        SettingInput(InputKind.LIMIT, {unit.value: unit.label for unit in Unit}),
    ),
    **dict.fromkeys(_LEVEL_SETTINGS, SettingInput(InputKind.SEVERAL, _levels(), _ONCE)),
    **dict.fromkeys(LEVEL_KEYS, SettingInput(InputKind.CHOICE, EVIDENCE)),
}


def input_of(key: str) -> SettingInput:
    """How a setting is entered; what the database knows is added by `input_with_codes`."""
    if isinstance(PRODUCT_DEFAULTS[key], int | float):
        return SettingInput(InputKind.NUMBER, bounds=bounds_of(key))
    return _BY_KEY.get(key) or SettingInput(InputKind.CHOICE)


def input_with_codes(conn: Connection, key: str, value: Any) -> SettingInput:
    """The same with the codes of this database, and with what is set now among the choices."""
    found = input_of(key)
    if found.kind not in (InputKind.CHOICE, InputKind.SEVERAL):
        return found
    choices = dict(found.choices)
    if key == "edition":
        choices = {e: Term(e, e) for e in conn.execute(_EDITIONS).scalars()}
    if key == "district_code":
        choices = {
            row.code: Term(f"{row.code} {row.name_zh}", f"{row.code} {row.name_en}")
            for row in conn.execute(_DISTRICTS)
        }
    for now in parts_of(value_in_words(value)):
        choices.setdefault(now, _one_in_words(now))
    return replace(found, choices=choices)


def said(key: str, value: Any) -> Term:
    """A value in words: codes by their names, a limit with its unit."""
    plain = value_in_words(value)
    found = input_of(key)
    if found.kind is InputKind.LIMIT:
        return limit_from(plain).label
    if found.kind not in (InputKind.CHOICE, InputKind.SEVERAL):
        return Term(plain, plain)
    names = [found.choices.get(one) or _one_in_words(one) for one in parts_of(plain)]
    return Term("、".join(n.zh for n in names), ", ".join(n.en for n in names))
