"""Deadlines in words."""

from datetime import date, datetime

from babel.dates import format_datetime, format_skeleton

from gis.i18n import N_, translate
from gis.worktime.model import Explanation, Limit, Skipped

_MOMENT = {"zh-CN": "M月d日 EEE HH:mm", "en": "EEE d MMM HH:mm"}


def deadline_in_words(explanation: Explanation, locale: str, *, left: Limit | None = None) -> str:
    """
    One sentence that says how a deadline came about; `left` stands for the limit after a pause.

    Such as "Wed 30 Sep 16:30 + 4 working hours, National Day 1–7 Oct skipped →
    Thu 8 Oct 10:30". Weekends are named only where they were skipped; a
    provisional deadline says so at the end. Times are in the calendar's zone.
    """
    deadline = explanation.deadline
    parts = [
        translate(N_("{start} + {limit}"), locale).format(
            start=moment_in_words(deadline.started_at, locale),
            limit=(left or deadline.limit).label.text(locale),
        )
    ]
    between = _listing(locale)
    if explanation.skipped:
        days = between.join(_skipped(run, locale) for run in explanation.skipped)
        parts.append(translate(N_("{days} skipped"), locale).format(days=days))
    if explanation.moved_workdays:
        days = between.join(_day(day, locale) for day in explanation.moved_workdays)
        parts.append(translate(N_("{days} counted (moved workday)"), locale).format(days=days))
    sentence = translate(N_("{parts} → {due}"), locale).format(
        parts=("，" if locale == "zh-CN" else ", ").join(parts),
        due=moment_in_words(deadline.due_at, locale),
    )
    if deadline.provisional:
        sentence += translate(N_(" (provisional: no holiday notice for these days yet)"), locale)
    return sentence


def _skipped(run: Skipped, locale: str) -> str:
    occasion = translate(run.occasion, locale) if run.occasion else translate(N_("weekend"), locale)
    first, last = _day(run.first, locale), _day(run.last, locale)
    if run.first == run.last:
        return f"{occasion} {first}"
    if run.first.month == run.last.month and locale != "zh-CN":
        first = str(run.first.day)
    elif run.first.month == run.last.month:
        last = f"{run.last.day}日"
    return f"{occasion} {first}–{last}"


def _day(day: date, locale: str) -> str:
    if locale == "zh-CN":
        return f"{day.month}月{day.day}日"
    return format_skeleton("MMMd", datetime(day.year, day.month, day.day), locale="en_GB")


def moment_in_words(at: datetime, locale: str) -> str:
    """A moment with its weekday, in its own zone: "Wed 30 Sept 16:30"."""
    language = "zh_CN" if locale == "zh-CN" else "en_GB"
    pattern = _MOMENT.get(locale, _MOMENT["en"])
    return format_datetime(at, pattern, tzinfo=at.tzinfo, locale=language)


def _listing(locale: str) -> str:
    return "、" if locale == "zh-CN" else ", "
