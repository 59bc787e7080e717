"""Extra questions that a class asks (`data/cases/questions.csv`), and what makes an answer good."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from gis.errors import Fault, Invalid, Term, fault
from gis.i18n import N_
from gis.standards.csvfile import DATA, flag, read_table, words
from gis.standards.model import Kind

ANSWER_MOST = 200
NUMBER_MOST = 1_000_000.0
YES, NO = Term("是", "yes"), Term("否", "no")


class AnswerKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; proposed by this project. A report is taken without answers too."""

    id: str
    kind: Kind
    edition: str
    classes: tuple[str, ...]
    """Prefixes of class codes that ask it."""
    answer: AnswerKind
    name: Term
    choices: Mapping[str, Term]
    unit: str
    origin: str
    confidence: str
    needed: bool = False
    """The phone's form is not sent without an answer."""

    def fits(self, kind: Kind | str, edition: str, class_code: str) -> bool:
        """Whether cases of the class are asked this."""
        if (self.kind, self.edition) != (kind, edition):
            return False
        return any(class_code.startswith(prefix) for prefix in self.classes)

    def words_for(self, value: object) -> Term:
        """An answer as people read it."""
        if self.answer is AnswerKind.YES_NO:
            return YES if value is True else NO
        if self.answer is AnswerKind.CHOICE and str(value) in self.choices:
            return self.choices[str(value)]
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        said = f"{shown} {self.unit}".strip()
        return Term(said, said)


def read_questions(folder: Path = DATA) -> tuple[Question, ...]:
    """
    The questions in the order of the file.

    Raises
    ------
    ValueError
        When two share an id, or a choice lacks a name.
    """
    rows = read_table("cases/questions", ["question", "kind", "classes", "type"], folder=folder)
    found = tuple(_question(row) for row in rows)
    if len({q.id for q in found}) < len(found):
        msg = "data/cases/questions.csv: two questions share an id"
        raise ValueError(msg)
    return found


def _question(row: Mapping[str, str]) -> Question:
    names = zip(words(row["choices_zh"]), words(row["choices_en"]), strict=True)
    return Question(
        id=row["question"],
        kind=Kind(row["kind"]),
        edition=row["edition"],
        classes=words(row["classes"]),
        answer=AnswerKind(row["type"]),
        name=Term(row["name_zh"], row["name_en"]),
        choices=MappingProxyType(
            {w: Term(*name) for w, name in zip(words(row["choices"]), names, strict=True)}
        ),
        unit=row["unit"],
        origin=row["origin"],
        confidence=row["confidence"],
        needed=flag(row["needed"]),
    )


_read = cache(read_questions)


def questions_of(kind: Kind | str, edition: str, class_code: str) -> tuple[Question, ...]:
    """What cases of a class are asked, in the order of the file."""
    return tuple(q for q in _read() if q.fits(kind, edition, class_code))


def all_questions(edition: str) -> tuple[Question, ...]:
    """Every question of an edition, for a form that works without a network."""
    return tuple(q for q in _read() if q.edition == edition)


def question_named(question: str) -> Question | None:
    """A question by its id; None when it has left the table."""
    return next((q for q in _read() if q.id == question), None)


def faults_of_answers(
    answers: Mapping[str, Any], kind: Kind | str, edition: str, class_code: str
) -> Iterator[Fault]:
    """Everything wrong with answers: not asked of this class, or not of the kind asked for."""
    asked = {q.id: q for q in questions_of(kind, edition, class_code)}
    for name, value in answers.items():
        question = asked.get(name)
        if question is None:
            words_ = N_("This class has no question “{question}”.")
            yield fault("answers", words_, question=name[:40])
        elif not _GOOD[question.answer](question, value):
            words_ = N_("“{question}” cannot be answered with “{value}”: {rule}")
            said = {"question": question.name, "value": str(value)[:40]}
            yield fault("answers", words_, rule=_RULES[question.answer], **said)


def can_be_kept(answers: Mapping[str, Any]) -> bool:
    """Whether every answer is one plain value that the history can hold, fitting or not."""
    return all(_is_clean(name) and _is_plain(value) for name, value in answers.items())


def check_answers(
    answers: Mapping[str, Any], kind: Kind | str, edition: str, class_code: str
) -> None:
    """
    Go on only with good answers.

    Raises
    ------
    Invalid
        With every fault.
    """
    faults = list(faults_of_answers(answers, kind, edition, class_code))
    if faults:
        raise Invalid(N_("Some answers do not fit. Put right what is marked."), faults=faults)


def answers_in_words(answers: Mapping[str, Any]) -> list[tuple[Term, Term]]:
    """Question and answer for people; a question that has left the table stands by its id."""
    said = []
    for name, value in answers.items():
        question = question_named(name)
        words_ = question.words_for(value) if question else Term(str(value), str(value))
        said.append((question.name if question else Term(name, name), words_))
    return said


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 <= value <= NUMBER_MOST


def _is_text(value: object) -> bool:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= len(value) <= ANSWER_MOST:
        return False
    return _is_clean(value)


def _is_clean(words: str) -> bool:
    return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in words)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _is_clean(value)
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


_GOOD: Final[Mapping[AnswerKind, Callable[[Question, object], bool]]] = {
    AnswerKind.YES_NO: lambda _q, value: isinstance(value, bool),
    AnswerKind.CHOICE: lambda q, value: isinstance(value, str) and value in q.choices,
    AnswerKind.NUMBER: lambda _q, value: _is_number(value),
    AnswerKind.TEXT: lambda _q, value: _is_text(value),
}
_RULES: Final[Mapping[AnswerKind, Term]] = {
    AnswerKind.YES_NO: Term("是或否", "true or false"),
    AnswerKind.CHOICE: Term("从列表中选择", "one of the words offered"),
    AnswerKind.NUMBER: Term("0 以上的数", "a number from 0 up"),
    AnswerKind.TEXT: Term("不超过 200 字的文字", "words, 200 characters at most"),
}
