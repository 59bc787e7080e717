"""Addresses of what the browser loads from us: /assets/<file>?v=<hash of its content>."""

import json
from functools import cache
from pathlib import Path

from gis.errors import Unavailable
from gis.i18n import N_

DIST = Path(__file__).parent.parent / "browser" / "dist"
"""What script/assets builds; the web process serves it under `ROOT`, cacheable for ever."""
ROOT = "/assets"


@cache
def _manifest() -> dict[str, str]:
    try:
        hashes: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Unavailable(
            N_("The browser assets are not built. Run script/assets."), detail=str(error)
        ) from error
    return hashes


def asset(name: str) -> str:
    """
    The address of one built file, with its version.

    Raises
    ------
    Unavailable
        When the assets were never built.
    KeyError
        When the build makes no such file.
    """
    return f"{ROOT}/{name}?v={_manifest()[name]}"
