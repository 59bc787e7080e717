"""A case on paper: `GET /print/case/{number}`, A4, black on white, without scripts."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gis.accounts.model import Actor, Permission, require, role_terms
from gis.api.errors import locale_of
from gis.api.session import actor_of
from gis.cases.queries import CaseDetail, HistoryEntry, case_by_number, history
from gis.cases.sketch import surroundings, svg
from gis.cases.workflow import MOVES, STATES
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Term
from gis.i18n import N_, translate
from gis.runtime import runtime

STYLE = Path(__file__).parent / "static" / "print.css"


class Sheet:
    """The words, times and escaping of one printed page."""

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = locale
        self.zone = zone

    def say(self, text: str) -> str:
        """One of our sentences."""
        return escape(translate(text, self.locale))

    def name(self, term: Term | None) -> str:
        """A name in the reader's language, a dash for none."""
        return escape(term.text(self.locale)) if term else "–"

    def time(self, moment: datetime | None) -> str:
        """A moment in the district's zone."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if moment else "–"


def _facts(sheet: Sheet, detail: CaseDetail) -> str:
    case, say = detail.case, sheet.say
    place = " ".join(sheet.name(t) for t in (detail.district, detail.street, detail.community) if t)
    rows = [
        (say(N_("State")), sheet.name(STATES[case.state].name)),
        (say(N_("Class")), f"{escape(case.class_code)} {sheet.name(detail.class_name)}"),
        (say(N_("Place")), f"{place}<br>{escape(case.grid_code)}"),
        (say(N_("Coordinates")), f"{detail.lon:.6f}, {detail.lat:.6f} (CGCS2000)"),
        (say(N_("Reported")), sheet.time(case.reported_at)),
        (say(N_("Filed")), sheet.time(case.filed_at)),
        (say(N_("Time limit")), sheet.time(case.due_at)),
        (say(N_("Department")), sheet.name(detail.department)),
        (say(N_("Closed")), sheet.time(case.closed_at)),
    ]
    return "".join(f"<tr><th>{head}</th><td>{body}</td></tr>" for head, body in rows)


def _step(sheet: Sheet, entry: HistoryEntry) -> str:
    roles = {str(role): term for role, term in role_terms().items()}
    who = escape(entry.actor) if entry.actor else sheet.say(N_("System"))
    photos = "".join(
        f'<img src="/files/{escape(p.sha256)}?size=thumb" alt="">' for p in entry.photos
    )
    move, state = MOVES[entry.move].label, STATES[entry.to_state].name
    return (
        f"<tr><td>{sheet.time(entry.at)}</td>"
        f"<td>{sheet.name(move)} → {sheet.name(state)}</td>"
        f"<td>{who} · {sheet.name(roles.get(entry.role))}</td>"
        f'<td class="note">{escape(entry.note)}{photos}</td></tr>'
    )


def page(sheet: Sheet, detail: CaseDetail, steps: list[HistoryEntry], map_svg: str) -> str:
    """The whole page; every text of people is escaped."""
    say, number = sheet.say, escape(detail.case.number)
    printed = sheet.time(datetime.now(UTC))
    return f"""<!doctype html>
<html lang="{sheet.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{number}</title>
<link rel="stylesheet" href="/assets/fonts.css">
<link rel="stylesheet" href="/print/print.css">
</head>
<body>
<header><h1>{say(N_("Case"))} {number}</h1><p>{say(N_("Printed"))} {printed}</p></header>
<main>
<div class="top"><table class="facts">{_facts(sheet, detail)}</table>
<figure>{map_svg}</figure></div>
<h2>{say(N_("Description"))}</h2><p class="note">{escape(detail.description)}</p>
<h2>{say(N_("History"))}</h2>
<table class="steps"><tbody>{"".join(_step(sheet, entry) for entry in steps)}</tbody></table>
</main>
</body>
</html>"""


def _read(actor: Actor, number: str, locale: str) -> str:
    with transaction(runtime().engine) as conn:
        sheet = Sheet(locale, ZoneInfo(str(read_setting(conn, "time_zone"))))
        person = actor.person_id
        detail = case_by_number(conn, number, scope=actor.scope, person_id=person)
        steps = history(conn, detail.case.id, scope=actor.scope, person_id=person)
        shapes = surroundings(conn, detail.case.id)
    return page(sheet, detail, steps, svg(shapes, label=sheet.say(N_("Place of the case"))))


def print_case(request: Request) -> Response:
    """One case on paper, within the reader's area."""
    actor = actor_of(request)
    require(actor, Permission.VIEW_CASES)
    text = _read(actor, request.path_params["number"], locale_of(request))
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


def print_style(_request: Request) -> Response:
    """The sheet's look."""
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


routes = [
    Route("/print/print.css", print_style),
    Route("/print/case/{number}", print_case),
]
