"""Extra questions of a class, and lists of reasons: the tables and what makes an answer good."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cases.model import Move
from gis.cases.tasks.questions import (
    AnswerKind,
    all_questions,
    answers_in_words,
    check_answers,
    faults_of_answers,
    questions_of,
    read_questions,
)
from gis.cases.tasks.reasons import check_reason, is_said, read_reasons, reason_name
from gis.errors import Invalid
from gis.standards.csvfile import read_table
from gis.standards.model import Kind

COVER = (Kind.COMPONENT, "2013", "0101")
REFUSE = (Kind.EVENT, "2013", "0110")


def test_a_missing_cover_is_asked_about_hole_and_fence() -> None:
    assert [q.id for q in questions_of(*COVER)] == ["hole", "fenced", "in_carriageway"]
    assert [q.id for q in questions_of(*REFUSE)] == ["volume_m3", "kind_of_waste"]
    assert questions_of(Kind.EVENT, "2013", "0101") == ()


def test_every_question_asks_classes_that_exist_and_is_marked_as_ours() -> None:
    tables = {Kind.COMPONENT: "component_classes", Kind.EVENT: "event_classes"}
    codes = {
        (kind, row["edition"], row["code"])
        for kind, name in tables.items()
        for row in read_table(f"standards/{name}", ["code"])
    }
    for question in read_questions():
        for prefix in question.classes:
            assert any(
                (kind, edition) == (question.kind, question.edition) and code.startswith(prefix)
                for kind, edition, code in codes
            ), (question.id, prefix)
        assert question.name.zh and question.name.en
        assert (question.origin, question.confidence) == ("US", "proposed")
        assert bool(question.choices) == (question.answer is AnswerKind.CHOICE)
    assert {q.edition for q in all_questions("2013")} == {"2013"}


@pytest.mark.parametrize(
    ("answers", "case", "good"),
    [
        ({"hole": True, "fenced": False, "in_carriageway": "green"}, COVER, True),
        ({}, COVER, True),
        ({"hole": "yes"}, COVER, False),
        ({"hole": 1}, COVER, False),
        ({"in_carriageway": "moon"}, COVER, False),
        ({"volume_m3": 0}, REFUSE, True),
        ({"volume_m3": 2.5}, REFUSE, True),
        ({"volume_m3": -1}, REFUSE, False),
        ({"volume_m3": float("nan")}, REFUSE, False),
        ({"volume_m3": True}, REFUSE, False),
        ({"hole": True}, REFUSE, False),
        ({"plate": "京A·12345"}, (Kind.EVENT, "2013", "0134"), True),
        ({"plate": "x" * 201}, (Kind.EVENT, "2013", "0134"), False),
        ({"plate": "a\x00"}, (Kind.EVENT, "2013", "0134"), False),
    ],
)
def test_an_answer_fits_its_question_or_is_named(answers, case, good) -> None:  # type: ignore[no-untyped-def]
    if good:
        check_answers(answers, *case)
        return
    with pytest.raises(Invalid) as caught:
        check_answers(answers, *case)
    assert [fault.field for fault in caught.value.faults] == ["answers"]


_JSON = st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.integers())


@settings(deadline=None)  # the first answer reads the table
@given(st.dictionaries(st.text(max_size=20) | st.sampled_from(["hole", "fenced"]), _JSON))
def test_whatever_is_sent_is_answered_with_a_sentence(answers: dict[str, object]) -> None:
    for fault in faults_of_answers(answers, *COVER):
        assert fault.text("zh-CN") and fault.text("en")
    assert len(answers_in_words(answers)) == len(answers)


def test_answers_read_as_words_in_both_languages() -> None:
    said = answers_in_words({"hole": True, "lamps_out": 3.0, "gone": "x"})
    assert [(a.zh, a.en) for _q, a in said] == [("是", "yes"), ("3 盏", "3 盏"), ("x", "x")]
    assert said[2][0].zh == "gone"


def test_a_list_of_reasons_ends_with_one_that_asks_for_words(tmp_path: Path) -> None:
    for reasons in read_reasons().values():
        assert list(reasons)[-1] == "other"
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "reasons.csv").write_text(
        "move,code,name_zh,name_en,origin,confidence\nrefuse,a,甲,a,US,proposed\n"
    )
    with pytest.raises(ValueError, match="refuse"):
        read_reasons(tmp_path)


def test_a_reason_belongs_to_its_move() -> None:
    check_reason(Move.ASK_RETURN, {"reason_code": "wrong_class"})
    check_reason(Move.ASK_RETURN, {})
    for move in (Move.ASK_EXTENSION, Move.CLOSE):
        with pytest.raises(Invalid):
            check_reason(move, {"reason_code": "wrong_class"})
    assert is_said({"reason_code": "wrong_class"}) and not is_said({"reason_code": "other"})
    assert reason_name(Move.ASK_RETURN, "left the list").zh == "left the list"
