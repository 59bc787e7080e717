"""Findings as sentences in both languages."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from gis.cases.evidence.model import Finding, FindingKind
from gis.cases.screen import span_words
from gis.cases.settings import CaseSettings
from gis.errors import Term
from gis.i18n import N_, translate

KIND_NAMES: Final[Mapping[FindingKind, Term]] = {
    FindingKind.FAR: Term("距案卷过远", "too far from the case"),
    FindingKind.OLD: Term("拍摄早于指令", "older than its order"),
    FindingKind.AHEAD: Term("拍摄时间在未来", "later than its step"),
    FindingKind.NO_PLACE: Term("无拍摄位置", "no place"),
    FindingKind.NO_TIME: Term("无拍摄时间", "no time"),
    FindingKind.REUSED: Term("照片重复使用", "used before"),
}
"""Short names of the kinds, for lists and filters."""

_FAR = N_("taken {metres} m from the case, where {most} m are expected")
_OLD = N_("taken {span} before the work it shows was given out or reported")
_AHEAD = N_("says a time {span} after this step")
_NO_PLACE = N_("does not say where it was taken")
_NO_TIME = N_("does not say when it was taken")
_REUSED = N_("the same picture came with another step on {day}")


def sentence(finding: Finding, *, settings: CaseSettings) -> Term:
    """What does not fit, with its figures."""
    return _SENTENCES[finding.kind](finding, settings)


def _said(template: str, **params: Any) -> Term:
    """A sentence whose parts may have a form per language."""
    words = [
        translate(template, locale).format(
            **{k: v.text(locale) if isinstance(v, Term) else v for k, v in params.items()}
        )
        for locale in ("zh-CN", "en")
    ]
    return Term(*words)


def _span(finding: Finding) -> Term:
    return span_words(timedelta(minutes=finding.minutes or 0))


def _far(finding: Finding, settings: CaseSettings) -> Term:
    return _said(_FAR, metres=f"{finding.metres or 0:,.0f}", most=settings.evidence_far_m)


def _reused(finding: Finding, settings: CaseSettings) -> Term:
    zone: ZoneInfo = settings.zone
    day = finding.other_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if finding.other_at else "–"
    return _said(_REUSED, day=day)


_SENTENCES: Final[Mapping[FindingKind, Callable[[Finding, CaseSettings], Term]]] = {
    FindingKind.FAR: _far,
    FindingKind.OLD: lambda f, _s: _said(_OLD, span=_span(f)),
    FindingKind.AHEAD: lambda f, _s: _said(_AHEAD, span=_span(f)),
    FindingKind.NO_PLACE: lambda _f, _s: _said(_NO_PLACE),
    FindingKind.NO_TIME: lambda _f, _s: _said(_NO_TIME),
    FindingKind.REUSED: _reused,
}
