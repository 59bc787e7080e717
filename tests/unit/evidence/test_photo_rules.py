"""When a photo does not fit, by its figures."""

from datetime import timedelta

import pytest

from gis.cases.evidence.model import FindingKind, Level, PhotoFacts
from gis.cases.evidence.rules import findings_of
from gis.cases.evidence.words import KIND_NAMES, sentence
from gis.cases.settings import CaseSettings
from tests.factories import NOW

ORDERED = NOW - timedelta(hours=1)
SETTINGS = CaseSettings()


def kinds(facts: PhotoFacts, settings: CaseSettings = SETTINGS) -> dict[str, Level]:
    found = findings_of(facts, since=ORDERED, now=NOW, settings=settings)
    return {str(f.kind): f.level for f in found}


def facts(**more: object) -> PhotoFacts:
    fitting = {"sha256": "a" * 64, "taken_at": NOW - timedelta(minutes=30), "metres": 20.0}
    return PhotoFacts(**{**fitting, **more})  # type: ignore[arg-type]


def test_a_photo_taken_on_the_spot_after_the_order_fits() -> None:
    assert kinds(facts()) == {}


@pytest.mark.parametrize(("metres", "far"), [(200.0, False), (200.1, True), (0.0, False)])
def test_a_photo_is_far_beyond_the_set_metres_only(metres: float, far: bool) -> None:
    assert ("far" in kinds(facts(metres=metres))) is far


@pytest.mark.parametrize(("minutes", "old"), [(10, False), (11, True), (9, False)])
def test_clocks_may_differ_by_the_slack(minutes: int, old: bool) -> None:
    assert ("old" in kinds(facts(taken_at=ORDERED - timedelta(minutes=minutes)))) is old
    assert ("ahead" in kinds(facts(taken_at=NOW + timedelta(minutes=minutes)))) is old


def test_what_is_missing_is_noted_and_nothing_else_is_said_about_it() -> None:
    found = kinds(facts(taken_at=None, metres=None))
    assert found == {"no_place": Level.NOTE, "no_time": Level.NOTE}


def test_a_kind_that_is_off_is_not_found() -> None:
    off = CaseSettings(evidence_far="off", evidence_old="off", evidence_reused="refuse")
    shown = facts(metres=900.0, taken_at=NOW - timedelta(days=3), other_case_id=7, other_seq=1)
    assert kinds(shown, off) == {"reused": Level.REFUSE}


def test_without_an_order_age_is_not_judged() -> None:
    old = facts(taken_at=NOW - timedelta(days=30))
    assert not list(findings_of(old, since=None, now=NOW, settings=SETTINGS))


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_has_a_name_and_a_sentence_in_both_languages(kind: FindingKind) -> None:
    shown = facts(metres=1234.5, taken_at=ORDERED - timedelta(days=2), other_case_id=7,
                  other_seq=1, other_at=ORDERED)  # fmt: skip
    shown_ahead = facts(taken_at=NOW + timedelta(hours=5), metres=None)
    nothing = facts(taken_at=None, metres=None)
    found = [
        f
        for one in (shown, shown_ahead, nothing)
        for f in findings_of(one, since=ORDERED, now=NOW, settings=SETTINGS)
        if f.kind is kind
    ]
    said = sentence(found[0], settings=SETTINGS)
    assert said.zh != said.en
    assert KIND_NAMES[kind].zh != KIND_NAMES[kind].en
    if kind is FindingKind.FAR:
        assert "1,234" in said.zh and "200" in said.en
    if kind is FindingKind.OLD:
        assert "2 d" in said.en
