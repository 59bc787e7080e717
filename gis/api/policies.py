"""Content security policies: what a page of ours may load, by its address."""

import base64
import hashlib
import re
from collections.abc import Sequence

from gis.api.streamlit_page import page_text

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_hashes(html: str) -> list[str]:
    """The sources that allow exactly the inline scripts of a page, such as `'sha256-…'`."""
    digests = (hashlib.sha256(code.encode()).digest() for code in _INLINE.findall(html))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _policy(**sources: str) -> str:
    everywhere = {"base_uri": "'self'", "form_action": "'self'", "object_src": "'none'"}
    words = {"default_src": "'self'", **everywhere, "frame_ancestors": "'self'", **sources}
    return "; ".join(f"{name.replace('_', '-')} {value}" for name, value in words.items())


_PICTURES = "'self' data: blob:"
_STYLES = "'self' 'unsafe-inline'"

STREAMLIT = _policy(
    script_src=" ".join(["'self'", *inline_hashes(page_text()), "blob:"]),
    style_src=_STYLES,  # Streamlit writes its styles into the page
    img_src=_PICTURES,
    font_src="'self' data:",
    media_src="'self' blob:",
    worker_src="'self' blob:",
)
"""Streamlit's page: its files, its two inline scripts, and our components (imported as blobs)."""

FRAME = _policy(
    script_src="'self' 'unsafe-inline' 'unsafe-eval'", style_src=_STYLES, img_src=_PICTURES
)
"""The map's frame: streamlit-folium evaluates the map's script, so no text of people may reach it
except through gis/ui/maps/escape.py."""

OWN = _policy(script_src="'self'", style_src=_STYLES, img_src=_PICTURES, worker_src="'self'")
"""Pages that we write ourselves, such as the log form on a phone."""

BARE = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""Sign-in and stored files: no script at all."""

_BY_PREFIX = (
    ("/auth/", BARE),
    ("/files/", BARE),
    ("/component/", FRAME),
    ("/log/", OWN),
    ("/print/", OWN),
)


_WITH_BASE_MAPS = ("/component/", "/print/map")


def shows_base_maps(path: str) -> bool:
    """Whether a page shows the map, whose pictures may come from the hosts of the setting."""
    return path.startswith(_WITH_BASE_MAPS)


def policy_of(path: str, hosts: Sequence[str] = ()) -> str:
    """
    The policy of an address; what is not named is a page of Streamlit's.

    `hosts` are the origins that pictures may come from beside our own.
    """
    policy = next((found for prefix, found in _BY_PREFIX if path.startswith(prefix)), STREAMLIT)
    if not hosts:
        return policy
    return policy.replace(f"img-src {_PICTURES}", f"img-src {_PICTURES} {' '.join(hosts)}")
