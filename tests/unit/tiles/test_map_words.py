"""The scripts of the map and the table of their sentences name the same keys."""

import re

from gis.config import CHECKOUT
from gis.tiles.words import WORDS

SOURCES = CHECKOUT / "gis/ui/browser/src"
SAID = re.compile(r"""\bsay\(\s*'([a-z_]+(?:\.[a-z_]+)*)'|\bword: '([a-z_.]+)'""")
MADE = re.compile(r"say\(`([a-z_]+\.)\$\{")


def scripts() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(SOURCES.rglob("*.js")))


def test_every_sentence_a_script_asks_for_is_in_the_table() -> None:
    asked = {first or second for first, second in SAID.findall(scripts())}
    assert len(asked) > 60
    assert asked - set(WORDS) == set()


def test_every_sentence_of_the_table_is_said_by_a_script() -> None:
    text = scripts()
    prefixes = tuple(MADE.findall(text))
    unsaid = {
        key for key in WORDS if f"'{key}'" not in text and f".{key}" not in text
        and not key.startswith(prefixes)
    }  # fmt: skip
    assert unsaid == set()
