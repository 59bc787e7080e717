"""Words in two languages: msgids are English, zh-CN comes from the catalogues beside this file."""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = ("zh-CN", "en")
"""Languages of the product, the default first."""

LOCALE_DIR = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate later"
    """Mark a text for the catalogues where no language is known yet."""
    return text


def catalogue() -> Catalog:
    """All zh-CN messages, merged from the catalogue of each room."""
    merged = Catalog(locale="zh_CN")
    for file in sorted((LOCALE_DIR / "zh_CN").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                if message.id and message.string:
                    merged[message.id] = message
    return merged


@cache
def translations(locale: str) -> NullTranslations:
    """The words of one language; English needs no catalogue."""
    if locale != "zh-CN":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(text: str, locale: str) -> str:
    """`text` in `locale`; the English text where a catalogue has no entry."""
    return translations(locale).gettext(text) if text else text


def pick_locale(wanted: str | None) -> str:
    """
    The language to speak for a wish such as `zh-TW`, `en-GB` or an Accept-Language header.

    Chinese of any region reads zh-CN, any other known wish English; no wish: zh-CN.
    """
    if not wanted:
        return LOCALES[0]
    first = wanted.split(",")[0].split(";")[0].strip().lower()
    return "zh-CN" if first.startswith("zh") else "en"
