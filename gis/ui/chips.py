"""Chips and lamps: the one look of a state and of time, colour and word together."""

from html import escape

from gis.cases.screen import Chip, TimeLamp
from gis.ui.words import name_of

_CHIP = (
    "<span style='background:{background};color:{text};padding:2px 10px;border-radius:6px;"
    "font-size:0.875rem;white-space:nowrap'>{words}</span>"
)
NO_LAMP = "#5b5b5b"


def chip_html(chip: Chip) -> str:
    """A state as a coloured word."""
    return _CHIP.format(
        background=chip.background, text=chip.text, words=escape(name_of(chip.name))
    )


def lamp_html(lamp: TimeLamp) -> str:
    """Time left or missed as a coloured word; the mark says provisional calendars."""
    words = escape(name_of(lamp.words)) + (" *" if lamp.provisional else "")
    return _CHIP.format(background=lamp.colour or NO_LAMP, text="#ffffff", words=words)
