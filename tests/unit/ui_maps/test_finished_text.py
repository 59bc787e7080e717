"""A map looks the same whether its finished texts are compiled or not."""

import branca.element
import pytest
from jinja2 import Template

from gis.ui.maps.finished_text import FinishedText, template_of


@pytest.mark.parametrize(
    "text",
    [
        "",
        "var map_1 = L.map('map_1', {});",
        "a\n",
        "a\n\n",
        "function () { return {a: 1}; }",
        "{ {x",
    ],
)
def test_a_text_without_marks_is_what_jinja_makes_of_it(text: str) -> None:
    made = template_of(text)
    assert isinstance(made, FinishedText)
    assert made.render(this=1, kwargs={}) == Template(text).render()


@pytest.mark.parametrize("text", ["{{ this }}", "{% if 1 %}a{% endif %}", "{# note #}"])
def test_a_text_with_marks_is_still_a_template(text: str) -> None:
    assert template_of(text).render(this="x") == Template(text).render(this="x")


def test_branca_takes_it_once_maps_are_offline() -> None:
    import gis.ui.maps.offline  # noqa: F401, PLC0415  importing it is what is tested

    assert branca.element.Element("<b>x</b>").render() == "<b>x</b>"
    assert isinstance(branca.element.Element("<b>x</b>")._template, FinishedText)
