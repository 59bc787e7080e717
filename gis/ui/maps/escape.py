"""
The doors through which text from people reaches a map.

Folium writes scripts by pasting: a popup's text lands inside a JavaScript template literal inside
an HTML fragment, options land inside a script. Text goes through `popup_text`, data through
`script_json`; nothing else may carry words of users onto a map.
"""

import html
import json
import re
import string

_MARKUP = {"`": "&#96;", "$": "&#36;", "\\": "&#92;", "{": "&#123;", "}": "&#125;"}
# "_" is not among the plain ones: st_folium strips _[a-z0-9]+ before it compares scripts, so that
# two maps that differ only there would be taken for the same
_PLAIN = frozenset(string.ascii_letters + string.digits + " .,:;/#-+*()%=@")
_PLAIN_JSON = re.compile(r'"[A-Za-z0-9 .,:;/#+*()%=@-]*"')
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def popup_text(text: object) -> str:
    """
    Text as HTML that shows exactly that text in a folium popup, tooltip or DivIcon.

    Markup, backticks, `${...}`, backslashes and `{{ }}` of the template engine all become
    character references; line breaks become `<br>`.
    """
    escaped = html.escape(str(text), quote=True)
    escaped = "".join(_MARKUP.get(char, char) for char in escaped)
    return "<br>".join(escaped.splitlines())


def _code_units(char: str) -> str:
    data = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[i]:02x}{data[i + 1]:02x}" for i in range(0, len(data), 2))


def _plain_string(match: re.Match[str]) -> str:
    if _PLAIN_JSON.fullmatch(match.group()):  # ids and codes: a hundred thousand of them at a time
        return match.group()
    text: str = json.loads(match.group())
    return '"' + "".join(c if c in _PLAIN else _code_units(c) for c in text) + '"'


def script_json(data: object) -> str:
    r"""
    Data as a JavaScript literal that is safe wherever folium pastes it.

    Every character of every string that could end a script, a template literal, an attribute or
    a Jinja expression is written as `\uXXXX`. Not-a-number and infinity are refused.
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _JSON_STRING.sub(_plain_string, text)
