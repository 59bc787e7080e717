"""Start: the next step, the own shifts, and every page one may open."""

import streamlit as st

from gis.accounts.roster import my_duties
from gis.accounts.screen import shift_label
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.page_table import PAGES, first_page, offered
from gis.ui.session import open_page
from gis.ui.words import _, local_date, locale, today

actor = open_page(_("Start"), None)

duties = []
with shown_errors(), unit_of_work() as conn:
    duties = my_duties(conn, actor.person_id or 0, first=today())

first = first_page(actor)
if first is not None:
    with st.container(border=True):
        st.page_link(
            PAGES / first.file, label=f"**{_(first.title)}**", icon=f":material/{first.icon}:"
        )
        st.caption(_(first.says))

if duties:
    day, shift = duties[0]
    label = shift_label(shift, locale())
    if day == today():
        st.info(_("You are on duty today: {shift}.").format(shift=label), icon=":material/badge:")
    else:
        st.info(
            _("Your next shift: {day}, {shift}.").format(day=local_date(day, "week"), shift=label),
            icon=":material/badge:",
        )

if not actor.roles:
    st.warning(_("You hold no post today, so there is nothing to do here. Ask an administrator."))

others = [page for page in offered(actor) if page != first and page.file != "home.py"]
columns = st.columns(2, gap="large")
for position, page in enumerate(page for page in others if not page.hidden):
    with columns[position % 2]:
        st.page_link(PAGES / page.file, label=_(page.title), icon=f":material/{page.icon}:")
        st.caption(_(page.says))
