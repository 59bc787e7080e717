"""The sign-in page and the page of an error as text: no script, every value escaped."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import quote

from gis.accounts.model import Role, role_terms
from gis.errors import GisError
from gis.i18n import LOCALES, N_, translate

STYLE = Path(__file__).parent / "static" / "sign_in.css"
_NAMES = {"zh-CN": "中文", "en": "English"}

_TITLE = N_("Wanmi: grid-based urban management")
_LEAD = N_("From the street to the closed case, cell by cell.")
_DEMO = N_(
    "This is a demo district on your own machine. The names and codes of streets and communities"
    " are real; every other figure, person and case is generated. Pick a post to look around:"
)
_DEMO_END = N_("The first real account ends one-click sign-in.")


def _demo_part(locale: str, roles: Iterable[Role], next_path: str) -> str:
    terms = role_terms()
    buttons = "".join(
        f'<button name="role" value="{escape(role.value)}">{escape(terms[role].text(locale))}'
        "</button>"
        for role in roles
    )
    if not buttons:
        return ""
    return (
        '<section class="demo" aria-labelledby="demo-title">'
        f'<h2 id="demo-title">{escape(translate(N_("Look around"), locale))}</h2>'
        f"<p>{escape(translate(_DEMO, locale))}</p>"
        f'<form method="post" action="/auth/demo">{_hidden(next_path)}'
        f'<div class="roles">{buttons}</div></form>'
        f'<p class="note">{escape(translate(_DEMO_END, locale))}</p></section>'
    )


def _hidden(next_path: str) -> str:
    return f'<input type="hidden" name="next" value="{escape(next_path)}">'


def _languages(locale: str, next_path: str) -> str:
    back = f"/auth/sign-in?next={quote(next_path)}"
    current = {locale: ' aria-current="true"'}
    buttons = "".join(
        f'<button name="locale" value="{code}" lang="{code}"{current.get(code, "")}>'
        f"{_NAMES[code]}</button>"
        for code in LOCALES
    )
    return (
        '<form class="languages" method="post" action="/auth/locale">'
        f"{_hidden(back)}{buttons}</form>"
    )


def _head(locale: str, title: str) -> str:
    return f"""<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {escape(translate(N_("Wanmi"), locale))}</title>
<link rel="stylesheet" href="/assets/fonts.css">
<link rel="stylesheet" href="/auth/sign-in.css">
<link rel="icon" href="/favicon.png">
</head>"""


def message_page(locale: str, message: str) -> str:
    """A page that says one sentence: what a person sees instead of JSON."""
    title = translate(N_("This did not work"), locale)
    return f"""{_head(locale, title)}
<body>
<header><span class="mark" aria-hidden="true"></span></header>
<main>
<h1>{escape(title)}</h1>
<p class="error" role="alert">{escape(message)}</p>
<p><a href="/">{escape(translate(N_("To the start page"), locale))}</a></p>
</main>
</body>
</html>
"""


def page(
    locale: str, *, roles: Iterable[Role], error: GisError | None, login: str, next_path: str
) -> str:
    """The whole page; `roles` empty: no one-click sign-in."""

    def say(text: str) -> str:
        return escape(translate(text, locale))

    wrong = f'<p class="error" role="alert">{escape(error.text(locale))}</p>' if error else ""
    invalid = ' aria-invalid="true"' if error else ""
    return f"""{_head(locale, translate(N_("Sign in"), locale))}
<body>
<header><span class="mark" aria-hidden="true"></span>{_languages(locale, next_path)}</header>
<main>
<h1>{say(_TITLE)}</h1>
<p class="lead">{say(_LEAD)}</p>
<form method="post" action="/auth/sign-in" class="sign-in">
{wrong}{_hidden(next_path)}
<label for="login">{say(N_("Login"))}</label>
<input id="login" name="login" value="{escape(login)}" autocomplete="username" required
 autocapitalize="none" spellcheck="false" maxlength="100"{invalid}>
<label for="password">{say(N_("Password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"{invalid}>
<button class="primary">{say(N_("Sign in"))}</button>
</form>
{_demo_part(locale, roles, next_path)}
</main>
</body>
</html>
"""
