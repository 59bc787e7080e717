"""Who sees, counts and moves a case is written once, in `gis/db/conditions/`."""

import re
from pathlib import Path

import pytest

from gis.config import CHECKOUT
from tests.architecture.sources import sources

CONDITIONS = sorted((CHECKOUT / "gis" / "db" / "conditions").glob("*.sql"))
NARROWED_OTHERWISE = {
    "accounts/sql/people.sql": "persons of a department somebody asks for, not a handler's view",
    "tiles/sql/changed_places.sql": "read by asyncpg; also cases that a department had before",
}
_NARROWING = re.compile(
    r"(?::\w+|\$\d)(?: AS bigint\))?\s+IS\s+NULL\s+OR\s+(?:\w+\.)?department_id\s*=",
    re.IGNORECASE,
)
_ASSISTING = re.compile(r"case_task (\w+)\s+WHERE \1\.case_id = \w+\.id\s+AND \1\.department_id")
_IN_PERSON = re.compile(
    r"\w+\.reporter_id = [^=]{,40}OR (?:\w+\.supervisor_id = (?!ANY)|\{sent_to)"
)
_SAMPLE = re.compile(r"sha256\(convert_to\(\w+\.number")
_SHIFT = re.compile(r"\w+\.role = 'supervisor'.{0,400}\w+\.ends <= \w+\.starts", re.DOTALL)


def _texts() -> dict[str, str]:
    """Every SQL file, and every module with the joints between its adjacent literals taken out."""
    rooms = CHECKOUT / "gis"
    texts = {
        file.relative_to(rooms).as_posix(): re.sub(r"--.*", "", file.read_text(encoding="utf-8"))
        for file in rooms.rglob("sql/*.sql")
    }
    for source in sources():
        if source.path.is_relative_to(rooms):
            joined = re.sub(r'"\s*\n\s*f?"', "", source.text)
            texts[source.path.relative_to(rooms).as_posix()] = joined
    return texts


TEXTS = _texts()


def _spelled_out(pattern: re.Pattern[str]) -> set[str]:
    return {name for name, text in TEXTS.items() if pattern.search(text)}


def test_each_pattern_finds_the_condition_it_guards() -> None:
    written = {file.stem: file.read_text(encoding="utf-8") for file in CONDITIONS}
    plain = {name: text.replace("{row}", "c") for name, text in written.items()}
    assert _NARROWING.search(plain["in_department"])
    assert _ASSISTING.search(plain["assisted"])
    assert _IN_PERSON.search(plain["may_see"])
    assert _SAMPLE.search(plain["drawn"])
    assert _SHIFT.search(plain["on_shift"])


def test_no_other_sql_narrows_handlers_to_their_department() -> None:
    assert _spelled_out(_NARROWING) == set(NARROWED_OTHERWISE)


def test_no_other_sql_says_whom_assisting_or_a_visit_lets_see_a_case() -> None:
    assert not _spelled_out(_ASSISTING)
    assert not _spelled_out(_IN_PERSON)


def test_no_other_sql_draws_a_sample_or_says_which_supervisor_is_on_shift() -> None:
    assert not _spelled_out(_SAMPLE)
    assert not _spelled_out(_SHIFT)


@pytest.mark.parametrize("file", CONDITIONS, ids=lambda file: file.stem)
def test_a_condition_says_what_it_is_for_and_is_used(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "-- purpose" in text
    assert "-- params" in text
    others = [one.read_text(encoding="utf-8") for one in CONDITIONS if one != file]
    assert any(f"{{{file.stem}(" in one for one in [*TEXTS.values(), *others]), "nothing puts it in"
