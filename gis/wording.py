"""How one person reads names, moments, numbers and shares: a language and a time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from gis.errors import Term
from gis.i18n import translate

NOTHING = "–"
"""Stands where there is no value."""
_MOMENTS = {
    "short": "MM-dd HH:mm",
    "medium": "yyyy-MM-dd HH:mm",
    "long": "yyyy-MM-dd HH:mm:ss",
}


@dataclass(frozen=True)
class Wording:
    """Texts of one language, and moments in the zone of the place."""

    locale: str
    zone: ZoneInfo

    @property
    def babel(self) -> str:
        """The locale as Babel spells it."""
        return "zh_CN" if self.locale == "zh-CN" else "en_GB"

    def say(self, text: str) -> str:
        """One of our sentences."""
        return translate(text, self.locale)

    def name(self, row: Term | Mapping[str, Any] | Any) -> str:
        """The name of a thing that has one in each language: a `Term`, a mapping or a row."""
        if isinstance(row, Term):
            return row.text(self.locale)
        key = "name_zh" if self.locale == "zh-CN" else "name_en"
        value = row[key] if isinstance(row, Mapping) else getattr(row, key)
        return str(value)

    def time(self, moment: datetime | None, style: str = "medium") -> str:
        """A moment in the zone of the place; an en dash for none."""
        if moment is None:
            return NOTHING
        pattern = _MOMENTS.get(style, style)
        here = moment.astimezone(self.zone)
        return format_datetime(here, pattern, tzinfo=self.zone, locale=self.babel)

    def date(self, day: date | None, style: str = "medium") -> str:
        """A day in the person's language; `week` adds the weekday."""
        if day is None:
            return NOTHING
        pattern = "MM-dd EEE" if style == "week" else style
        return format_date(day, pattern, locale=self.babel)

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with separators; an en dash for none."""
        if value is None:
            return NOTHING
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=self.babel)

    def share(self, value: float | None, digits: int = 1) -> str:
        """A share between 0 and 1 as a percentage; an en dash for none."""
        if value is None:
            return NOTHING
        pattern = "0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(value, pattern, locale=self.babel)

    def value(self, value: Any, unit: str = "", digits: int | None = None) -> str:
        """A value of a table as people read it; the unit belongs to numbers."""
        if isinstance(value, Term):
            return self.name(value)
        if isinstance(value, datetime):
            return self.time(value)
        if isinstance(value, date):
            return self.date(value)
        if digits is not None:
            return f"{self.number(float(value), digits)} {unit}".strip()
        if isinstance(value, int) and not isinstance(value, bool) and unit:
            return f"{self.number(value)} {unit}"
        return str(value)
