"""Reading Chinese names in Latin letters, from a table that ships with the product."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from gis.config import CHECKOUT

TABLE = CHECKOUT / "data" / "places" / "pinyin.csv"


@cache
def readings(path: Path = TABLE) -> dict[str, tuple[str, ...]]:
    """The syllables of each character and of each name that is read otherwise."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["text"]: tuple(row["pinyin"].split()) for row in csv.DictReader(stream)}


def syllables(name: str) -> list[str]:
    """
    The reading of a name, one item per character; Latin words and numbers stay whole.

    The longest entry of the table wins; a character that is not in the table
    and is no letter or digit is left out.
    """
    return list(_syllables(name.lower()))


def _syllables(name: str) -> Iterator[str]:
    table = readings()
    longest = max(map(len, table))
    at = 0
    while at < len(name):
        size = next((n for n in range(longest, 0, -1) if name[at : at + n] in table), 0)
        if size:
            yield from table[name[at : at + size]]
        elif name[at].isascii() and name[at].isalnum():
            size = next(
                (n for n, c in enumerate(name[at:]) if not (c.isascii() and c.isalnum())),
                len(name) - at,
            )
            yield name[at : at + size]
        at += max(size, 1)


def search_key(name: str) -> str:
    """
    What `place.pinyin` holds: the whole reading and its initials, as in "wangfujing wfj".

    Empty when nothing of the name can be read.
    """
    parts = syllables(name)
    return f"{''.join(parts)} {''.join(part[0] for part in parts)}" if parts else ""
