"""Every sentence that the map says in the browser, by the key under which its scripts ask it."""

from collections.abc import Mapping
from typing import Final

from gis.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "unauthorised": N_("You are signed out. Sign in to go on."),
    "unavailable": N_("The map cannot be loaded now. It tries again by itself."),
}
