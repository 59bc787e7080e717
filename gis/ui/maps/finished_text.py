"""Texts that folium has finished are not compiled again: half the time of drawing a map."""

import re
from typing import Any

import branca.element
from jinja2 import Template

_MARKS = re.compile(r"\{[{%#]")
_NAME = "Template"


class FinishedText:
    """What jinja2 makes of a text without a mark: the text, less one line end."""

    def __init__(self, text: str) -> None:
        self._text = text.removesuffix("\n")

    def render(self, *_args: Any, **_context: Any) -> str:
        """The text as it is."""
        return self._text


def template_of(text: str) -> Template | FinishedText:
    """A template; without marks one that needs no compiling."""
    return Template(text) if _MARKS.search(text) else FinishedText(text)


def keep_finished_texts() -> None:
    """
    Let branca's elements take `template_of`; calling it again changes nothing.

    Folium renders the scripts of each layer and hands the results on as templates, all
    different by their random ids: jinja2 parses and compiles every one at every run.
    """
    setattr(branca.element, _NAME, template_of)
