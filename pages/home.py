"""Start: the next step, what waits, the own shifts, and every page one may open."""

from datetime import UTC, date, datetime

import streamlit as st

from gis.accounts.model import Permission
from gis.accounts.roster import Shift, my_duties
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.inbox import Inbox, read_inbox
from gis.cases.queries import queue_counts
from gis.ui import home_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.password_view import own_password
from gis.ui.session import open_page
from gis.ui.words import _, today

actor = open_page(_("Start"), None)

duties: list[tuple[date, Shift]] = []
counts: dict[str, int] = {}
tasks: Inbox | None = None
now = datetime.now(UTC)
with shown_errors(), unit_of_work() as conn:
    duties = my_duties(conn, actor.person_id or 0, first=today())
    counts = queue_counts(conn, actor=actor, scope=actor.scope, now=now)
    if actor.may(Permission.MOVE_CASES):
        tasks = read_inbox(conn, actor=actor, wanted=CaseFilter(), now=now)

if not actor.roles:
    st.warning(_("You hold no post today, so there is nothing to do here. Ask an administrator."))
view.next_step(actor)
if tasks is not None:
    view.news(tasks, now=now)
view.duty(duties)
view.waiting(actor, counts)
view.other_pages(actor)
own_password(actor)
