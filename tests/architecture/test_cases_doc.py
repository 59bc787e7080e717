"""docs/cases.md says what the code does: settings with their defaults, addresses."""

import re
from dataclasses import fields

from gis.api import case_duplicates, cases, sub_tasks, tasks
from gis.cases.diagram import state_diagram
from gis.cases.settings import CaseSettings
from gis.config import CHECKOUT

DOC = (CHECKOUT / "docs" / "cases.md").read_text(encoding="utf-8")


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_setting_of_cases_stands_there_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+?) \|", DOC, re.MULTILINE))
    settings = CaseSettings()
    assert rows == {f.name: _said(getattr(settings, f.name)) for f in fields(settings)}


def test_every_address_of_cases_stands_there() -> None:
    told = set(re.findall(r"^\| `((?:GET|POST) [^`]+)` \|", DOC, re.MULTILINE))
    served = {
        f"{method} {route.path}"
        for route in (
            *cases.routes,
            *case_duplicates.routes,
            *sub_tasks.routes,
            *tasks.routes,
        )
        for method in (route.methods or ())
        if method != "HEAD"
    }
    assert told == served


def test_the_drawing_of_states_is_the_one_of_the_tables() -> None:
    assert re.findall(r"```mermaid\n(.*?)\n```", DOC, re.DOTALL) == [state_diagram()]
