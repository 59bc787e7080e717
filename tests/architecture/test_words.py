"""Every text that people read exists in both languages."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po

from gis.i18n import LOCALE_DIR, translations
from tests.architecture.sources import calls, sources

MARKS = frozenset({"_", "N_"})
_FIELD = re.compile(r"{(\w*)[^}]*}")


@cache
def marked() -> dict[str, str]:
    """Every literal inside `_()` or `N_()`, with the first place it stands."""
    found: dict[str, str] = {}
    for source in sources():
        for name, call in calls(source.tree):
            if name in MARKS and call.args and isinstance(call.args[0], ast.Constant):
                found.setdefault(str(call.args[0].value), f"{source.name}:{call.lineno}")
    return found


def test_every_text_has_a_chinese_translation() -> None:
    known = translations("zh-CN")._catalog  # type: ignore[attr-defined]
    missing = [f"{place}: {text!r}" for text, place in marked().items() if text not in known]
    assert not missing, f"{len(missing)} texts without zh-CN:\n" + "\n".join(missing)


def test_texts_are_marked_as_literals_or_come_from_tables() -> None:
    """An f-string can never be found in a catalogue."""
    wrong = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        for name, call in calls(source.tree)
        if name in MARKS and call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not wrong


def _entries() -> Iterator[tuple[str, str, str]]:
    for file in sorted((LOCALE_DIR / "zh_CN").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                if message.id:
                    yield file.name, str(message.id), str(message.string)


def test_a_translation_fills_in_the_same_values() -> None:
    """`{name}` missing in one language would fail, or hide a value, in front of people."""
    wrong = [
        f"{file}: {text!r} -> {zh!r}"
        for file, text, zh in _entries()
        if set(_FIELD.findall(text)) != set(_FIELD.findall(zh))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_text_is_translated_the_same_way_everywhere() -> None:
    seen: dict[str, tuple[str, str]] = {}
    wrong = []
    for file, text, zh in _entries():
        first = seen.setdefault(text, (file, zh))
        if first[1] != zh:
            wrong.append(f"{text!r}: {first[0]} {first[1]!r}, {file} {zh!r}")
    assert not wrong, "\n".join(wrong)


def test_no_text_shouts_or_jokes() -> None:
    texts = [text for _file, text, _zh in _entries()]
    assert texts
    assert not [text for text in texts if re.search(r"[!\U0001F300-\U0001FAFF]", text)]
