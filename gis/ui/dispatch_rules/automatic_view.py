"""Which classes are dispatched by the product, and since when."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.dispatch.automatic import answers, set_automatic
from gis.errors import GisError
from gis.standards.model import CaseClass
from gis.standards.queries import active_classes
from gis.ui.db import show_error, unit_of_work
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.session import say_next
from gis.ui.words import _, local_time, name_of, zone


def automatic(actor: Actor, edition: str) -> None:
    """What was set, newest first for each class, and the form for more."""
    with unit_of_work() as conn:
        known = answers(conn, edition)
        classes = active_classes(conn, edition)
    st.caption(
        _(
            "A filed case of such a class goes to the department of its rule at once, in the name"
            " of the product. Without a rule, or with a faulty one, it waits for a dispatcher. The"
            " narrowest class decides, and of it the newest answer; nothing said: by hand."
        )
    )
    names = _names(classes)
    rows = [
        {
            "class": names.get(f"{one.kind}:{one.class_code}", f"{one.kind}:{one.class_code}"),
            "automatic": _("Yes") if one.automatic else _("No"),
            "starts_at": local_time(one.starts_at),
            "who": one.set_by or _("System"),
        }
        for one in known
    ]
    show_table(rows, "rules.automatic")
    _form(actor, names)


def _names(classes: Sequence[CaseClass]) -> dict[str, str]:
    """Every prefix that can be chosen: all of a kind, main classes, classes."""
    found = {"component:": _("All components"), "event:": _("All events")}
    for one in classes:
        if one.code.startswith(one.class_code) and one.class_code != one.code:
            main = f"{one.kind}:{one.class_code}"
            found.setdefault(main, f"{name_of(one.class_name)} ({main})")
        found[f"{one.kind}:{one.code}"] = f"{name_of(one.name)} ({one.kind}:{one.code})"
    return found


def _form(actor: Actor, names: dict[str, str]) -> None:
    with st.form("rules.automatic.form"):
        which, how, when = st.columns([4, 2, 3], vertical_alignment="bottom")
        key = which.selectbox(
            _("Class"), list(names), format_func=names.__getitem__, key="rules.automatic.class"
        )
        on = how.toggle(_("Dispatch automatically"), value=True, key="rules.automatic.on")
        moment = when.datetime_input(
            _("From (empty: now)"), value=None, key="rules.automatic.from", format="YYYY-MM-DD"
        )
        sent = st.form_submit_button(_("Set"), type="primary")
    if not sent or key is None:
        return
    kind, _colon, code = key.partition(":")
    now = datetime.now(UTC)
    starts_at = moment.replace(tzinfo=zone()) if moment else now
    try:
        with unit_of_work() as conn:
            set_automatic(
                conn, actor=actor, kind=kind, class_code=code, automatic=on, starts_at=starts_at,
                now=now,
            )  # fmt: skip
    except GisError as error:
        show_error(error)
        return
    say_next(_("{name}: set from {time}.").format(name=names[key], time=local_time(starts_at)))
    st.rerun()
