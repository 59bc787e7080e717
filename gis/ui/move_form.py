"""The moves of a case as forms: a field per need of the table, a button that says what happens."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.evidence.checks import REASON
from gis.cases.model import Move
from gis.cases.move_fields import FieldKind
from gis.cases.queries import CaseDetail
from gis.cases.records import Case
from gis.cases.screen import PRIMARY_MOVES
from gis.dispatch.commands import move_case
from gis.dispatch.model import Proposal
from gis.dispatch.offers import Offer, OfferField
from gis.errors import GisError, Invalid
from gis.ui.begun import Begun, begin, finish
from gis.ui.case_checks import ask_checks, ask_questions
from gis.ui.db import escape_markdown, show_error, shown_errors, unit_of_work
from gis.ui.evidence_ask import reason_for_photos
from gis.ui.meanwhile import case_changed, go_on_or_drop
from gis.ui.photos import file_field, photo_field
from gis.ui.words import _, locale, name_of

_Form = Begun[tuple[CaseDetail, list[Offer]]]
_WISH = "move.wish"
_CHOSEN_BY_HAND = frozenset({"reason_code", "result"})
"""Choices that are somebody's judgement: none stands there before it is made."""
_NAMED_BY_THE_BUTTON = (FieldKind.DEPARTMENT, FieldKind.SUPERVISOR, FieldKind.COLLEAGUE)
_LAST_RESORT = frozenset({Move.FORCE_CLOSE, Move.WITHDRAW})
"""Moves that end a case against its course: they stand after all others."""


def _label(field: OfferField) -> str:
    """The name of a field as a label: English ones are written small in the table."""
    words = name_of(field.label)
    return words[:1].upper() + words[1:]


def _text(field: OfferField, key: str) -> object:
    return st.text_area(_label(field), key=key, max_chars=4000, height=90)


def _photos(field: OfferField, key: str) -> object:
    return photo_field(f"**{_label(field)}**", key=key, form=key)


def _files(field: OfferField, key: str) -> object:
    with st.expander(_label(field), icon=":material/attach_file:"):
        return file_field(f"**{_label(field)}**", key=key, form=key)


def _choice(field: OfferField, key: str, *, by_hand: bool = False) -> object:
    if not field.choices:
        st.caption(_("Nobody can be chosen now: {field}.").format(field=_label(field)))
        return None
    return st.selectbox(
        _label(field),
        list(field.choices),
        index=None if by_hand or field.name in _CHOSEN_BY_HAND else 0,
        format_func=lambda value: name_of(field.choices[value]),
        placeholder=_("Choose one"),
        key=key,
    )


def _several(field: OfferField, key: str) -> object:
    return st.multiselect(
        _label(field),
        list(field.choices),
        default=[one for one in field.chosen if one in field.choices],
        format_func=lambda value: name_of(field.choices[value]),
        placeholder=_("Nobody else"),
        key=key,
    )


def _date(field: OfferField, key: str) -> object:
    picked: Any = st.date_input(_label(field), value=field.day, format="YYYY-MM-DD", key=key)
    return picked.isoformat() if isinstance(picked, date) else None


def _case(field: OfferField, key: str) -> object:
    return st.text_input(_label(field), placeholder="110101001-261122-0007", key=key)


def _yes(field: OfferField, key: str) -> object:
    return st.checkbox(_label(field), key=key)


def _colleague(field: OfferField, key: str) -> object:
    return _choice(field, key, by_hand=True)


_DRAW: Mapping[FieldKind, Callable[[OfferField, str], object]] = {
    FieldKind.TEXT: _text,
    FieldKind.PHOTOS: _photos,
    FieldKind.FILES: _files,
    FieldKind.SUPERVISOR: _choice,
    FieldKind.DEPARTMENT: _choice,
    FieldKind.CONDITION: _choice,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.CASE: _case,
    FieldKind.YES: _yes,
    FieldKind.DEPARTMENTS: _several,
    FieldKind.COLLEAGUE: _colleague,
}


def _draw(offer: Offer, field: OfferField, key: str) -> object:
    if field.kind is FieldKind.CONDITIONS:
        return ask_checks(offer.checklist, key, label=_label(field))
    if field.kind is FieldKind.ANSWERS:
        return ask_questions(offer.questions, key)
    if field.kind is FieldKind.CONDITION and len(field.choices) == 1 and offer.checklist:
        return next(iter(field.choices))  # the checklist says it
    if field.kind is FieldKind.DEPARTMENT and offer.proposal is None:
        return _choice(field, key, by_hand=True)  # the first of a list is no proposal
    return _DRAW[field.kind](field, key)


def _say_proposal(proposal: Proposal | None) -> None:
    if proposal is None:
        st.warning(_("No dispatch rule fits this case. Choose a department and give the reason."))
        return
    if proposal.flaws:
        words = _("The dispatch rule for this case is faulty. {reason}. Choose by hand.")
        st.error(words.format(reason=escape_markdown(name_of(proposal.reason))))
        return
    st.info(
        _("Proposed: {department}. {reason}.").format(
            department=escape_markdown(name_of(proposal.department.name)),
            reason=escape_markdown(name_of(proposal.reason)),
        ),
        icon=":material/alt_route:",
    )


def _is_asked(offer: Offer, field: OfferField, values: Mapping[str, object]) -> bool:
    """
    Whether a field is drawn: reasons that may not be needed are asked when they are.

    For another department when another one is chosen, for photos beside what is odd about them.
    """
    if field.name == REASON:
        return False
    if offer.row.move is not Move.DISPATCH or field.name != "reason":
        return True
    chosen = values.get("department")
    proposal = offer.proposal
    return proposal is None or bool(proposal.flaws) or chosen != proposal.department.id


def _button_words(offer: Offer, values: Mapping[str, object]) -> str:
    """What will happen: "派遣：环卫中心" says more than "submit"."""
    label = name_of(offer.row.label)
    for field in offer.fields:
        if field.kind not in _NAMED_BY_THE_BUTTON:
            continue
        value = values.get(field.name)
        chosen = field.choices.get(value) if isinstance(value, int) else None
        if chosen is not None:
            colon = "：" if locale() == "zh-CN" else ": "
            return f"{label}{colon}{escape_markdown(name_of(chosen))}"
    return label


def prepare_move(number: str, move: Move, fields: Mapping[str, object]) -> None:
    """Open the form of a move, with these fields filled in, when the case is drawn next."""
    st.session_state[_WISH] = (number, move, dict(fields))


def _grant_wish(form: _Form) -> bool:
    """What was prepared for this case is what its widgets begin with; answers whether it was."""
    detail, found = form.seen
    number, move, fields = st.session_state.get(_WISH, ("", None, {}))
    if number != detail.case.number:
        return False
    del st.session_state[_WISH]
    if move not in {offer.row.move for offer in found}:
        return False
    st.session_state[_pick_key(form)] = str(move)
    for name, value in fields.items():
        key = f"{form.stem}.{move}.{name}"
        st.session_state[key], form.untouched[key] = value, None
    return True


def _pick_key(form: _Form) -> str:
    """A case that has moved on, and every other case, is asked anew."""
    return f"pick.{form.stem}"


def _rank(offer: Offer, first: str | None) -> int:
    """Where a move stands: what carries the case on, then the others, the last resort at last."""
    return -1 if str(offer.row.move) == first else int(offer.row.move in _LAST_RESORT)


def pick_move(form: _Form, *, wished: bool = False) -> Offer | None:
    """
    Which move to prepare: the one that carries the case on is chosen before anybody asks.

    It is the widget's default and never written into its state: what the browser says was chosen
    counts even in the first run that draws the form. Only a wish is written.
    """
    found = form.seen[1]
    open_ones = {str(offer.row.move) for offer in found if offer.blocked_by is None}
    first = next((str(move) for move in PRIMARY_MOVES if str(move) in open_ones), None)
    by_move = {str(offer.row.move): offer for offer in sorted(found, key=lambda o: _rank(o, first))}
    if len(by_move) == 1:
        return found[0]
    picked = st.segmented_control(
        _("What next"),
        list(by_move),
        default=None if wished else first,
        format_func=lambda move: name_of(by_move[move].row.label),
        key=_pick_key(form),
        required=first is not None,
    )
    return by_move.get(str(picked)) if picked else None


def move_form(actor: Actor, detail: CaseDetail, found: list[Offer]) -> Case | None:
    """
    The form of one move; answers the case after it, None while nothing has been made.

    A refusal is shown above the button and leaves everything typed as it was.
    So does a change by somebody else: the form goes on deciding on the version
    it was begun with until it is told to go on with the new one.
    """
    number, version = detail.case.number, detail.case.version
    form = begin(number, _name(number), version, (detail, found))
    if not form.seen[1]:
        st.caption(_("Nothing is to be done here by your posts."))
        return None
    offer = pick_move(form, wished=_grant_wish(form))
    if offer is None:
        return None
    if offer.blocked_by is not None:
        st.info(_("Not possible now: {rule}.").format(rule=name_of(offer.blocked_by)))
        return None
    values = _ask(actor, form, offer)
    if form.version != version:
        _show_change(actor, form, offer, detail, found)
    if not st.button(
        _button_words(offer, values),
        type="primary",
        key=f"{form.stem}.{offer.row.move}.go",
        shortcut="Ctrl+Enter",
        width="stretch",
    ):
        return None
    return _make(actor, form, offer, values)


def _name(number: str) -> str:
    return f"move.{number}"


def _ask(actor: Actor, form: _Form, offer: Offer) -> dict[str, object]:
    """The fields of a move, as they are filled in now."""
    case = form.seen[0].case
    if offer.row.move is Move.DISPATCH:
        _say_proposal(offer.proposal)
    stem = f"{form.stem}.{offer.row.move}"
    values: dict[str, object] = {}
    for field in offer.fields:
        if _is_asked(offer, field, values):
            values[field.name] = _draw(offer, field, f"{stem}.{field.name}")
    values |= reason_for_photos(actor, case, offer.row.move, values, stem=stem)
    form.drawn()
    return values


def _show_change(
    actor: Actor, form: _Form, offer: Offer, detail: CaseDetail, found: list[Offer]
) -> None:
    """What others did meanwhile, and the ways on from there."""
    case = detail.case
    case_changed(actor, form.seen[0], detail)
    go_on_or_drop(
        key=f"meanwhile.{form.stem}",
        possible=any(one.row.move is offer.row.move and one.blocked_by is None for one in found),
        go_on=lambda: form.go_on(case.version, (detail, found)),
        drop=lambda: finish(case.number, _name(case.number)),
    )


def _make(actor: Actor, form: _Form, offer: Offer, values: Mapping[str, object]) -> Case | None:
    sent = {name: value for name, value in values.items() if value not in (None, "", [], {}, False)}
    number = form.seen[0].case.number
    moved: Case | None = None
    with shown_errors():
        try:
            with unit_of_work() as conn:
                moved = move_case(
                    conn,
                    actor=actor,
                    number=number,
                    move=offer.row.move,
                    fields=sent,
                    expected_version=int(form.version),
                    now=datetime.now(UTC),
                )
        except Invalid as error:
            _show_faults(offer, error)
    if moved is not None:
        finish(number, _name(number))
    return moved


def _show_faults(offer: Offer, error: GisError) -> None:
    """The faults with the names of their fields in front."""
    names = {field.name: _label(field) for field in offer.fields}
    if isinstance(error, Invalid) and error.faults:
        for fault in error.faults:
            st.error(escape_markdown(f"{names.get(fault.field, '')}: {fault.text(locale())}"))
    else:
        show_error(error)
