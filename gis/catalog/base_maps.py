"""Raster base maps by setting."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection


def read_base_maps(_conn: Connection) -> list[Mapping[str, Any]]:
    """The base maps of the setting, as they are stored."""
    return []
