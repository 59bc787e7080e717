"""What makes drafts look lived: trouble that comes back, answers of callers, doubtful cells."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gis.cases.intake_rules import may_be_self_handled
from gis.cases.tasks.questions import AnswerKind, Question, questions_of
from gis.demo.copying import to_work
from gis.demo.drafts import Draft
from gis.demo.ground import Ground
from gis.demo.sizes import EDITION, behaviour
from gis.standards.model import Kind

_NEAR_M = 4e-5
"""About four metres, in degrees: the next report stands not quite where the first one stood."""
_TEXTS = {"telephone": "400-000-0000", "plate": "京A·演示1"}
"""Answers in words, plainly invented."""


def come_back(drafts: Sequence[Draft], ground: Ground, rng: np.random.Generator) -> None:
    """Some reports tell of one place again and again: `repeat_places` per 1,000, 3 to 7 each."""
    events = [d for d in drafts if d.kind is Kind.EVENT and d.script is None]
    spots = max(2, round(len(events) * behaviour()["repeat_places"]))
    order = rng.permutation(len(events)).tolist()
    for spot in range(spots):
        several = [events[order.pop()] for _ in range(min(len(order), 3 + spot % 5))]
        for again in several[1:]:
            _put_beside(again, several[0], ground, rng)


def _put_beside(draft: Draft, first: Draft, ground: Ground, rng: np.random.Generator) -> None:
    lon, lat = np.round(np.array([first.lon, first.lat]) + rng.uniform(-_NEAR_M, _NEAR_M, 2), 7)
    found = ground.cell_of(np.asarray([shapely.Point(lon, lat)], dtype=object))[0]
    if found != first.grid_code:
        lon, lat = first.lon, first.lat
    draft.class_code = first.class_code
    draft.lon, draft.lat, draft.grid_code = float(lon), float(lat), first.grid_code
    alone = may_be_self_handled(Kind.EVENT, EDITION, draft.class_code)
    draft.self_handled = draft.self_handled and alone


def answer_questions(drafts: Sequence[Draft], rng: np.random.Generator) -> None:
    """Acceptors ask callers what the class asks; not everybody knows everything."""
    for draft in drafts:
        if draft.source == "call_desk":
            asked = questions_of(draft.kind, EDITION, draft.class_code)
            draft.answers = {q.id: _answer(q, rng) for q in asked if rng.random() < 0.8}


def _answer(question: Question, rng: np.random.Generator) -> Any:
    if question.answer is AnswerKind.YES_NO:
        return bool(rng.random() < 0.5)
    if question.answer is AnswerKind.CHOICE:
        return str(rng.choice(list(question.choices)))
    if question.answer is AnswerKind.NUMBER:
        return int(rng.integers(1, 12))
    return _TEXTS[question.id]


def choose_cells(drafts: Sequence[Draft], ground: Ground, rng: np.random.Generator) -> None:
    """Near an edge most reporters say in which cell the trouble is; the others were not asked."""
    placed = [d for d in drafts if d.accuracy_m is not None]
    if not placed:
        return
    points = shapely.points(to_work(np.array([(d.lon, d.lat) for d in placed])))
    reach = np.array([d.accuracy_m for d in placed], dtype=float)
    tree = shapely.STRtree(ground.work)
    asked, _ = tree.query(points, predicate="dwithin", distance=reach)
    near = np.bincount(asked, minlength=len(placed)) > 1
    for draft, close in zip(placed, near.tolist(), strict=True):
        if close and rng.random() < behaviour()["cell_chosen"]:
            draft.cell_choice = draft.grid_code
