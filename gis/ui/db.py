"""The page's door to the database, and the one place where errors become sentences."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import streamlit as st
from sqlalchemy import Connection

from gis.db.engine import transaction
from gis.errors import GisError, Invalid
from gis.log import report
from gis.runtime import runtime
from gis.ui.words import _, locale


def unit_of_work() -> AbstractContextManager[Connection]:
    """
    One transaction for a page: commits at its end, rolls back on any error.

    Nothing of `st.` inside: Streamlit may stop the script at each of its calls, and that
    rolls back too.
    """
    return transaction(runtime().engine)


def show_error(error: GisError) -> None:
    """The sentence of an error, with every fault below it; typed text stays where it is."""
    lines = [error.text(locale())]
    if isinstance(error, Invalid):
        lines += [f"- {fault.text(locale())}" for fault in error.faults]
    st.error(escape_markdown("\n".join(lines)), icon=":material/error:")


def show_unexpected(error: BaseException) -> None:
    """A reference number and nothing else; the trace is in the log."""
    reference = report(error, border="page")
    st.error(
        _("Something went wrong on our side. Nothing was changed. Reference: {reference}").format(
            reference=reference
        ),
        icon=":material/error:",
    )


@contextmanager
def shown_errors() -> Iterator[None]:
    """
    Around a unit of work: errors raised on purpose are shown as sentences, others by reference.

    The script goes on after the block, with the form as it was.
    """
    try:
        yield
    except GisError as error:
        show_error(error)
    except Exception as error:  # noqa: BLE001  the border of a page
        show_unexpected(error)


def on_script_error(error: Exception) -> bool:
    """Streamlit's hook for errors that no page caught; True: its own trace is not shown."""
    if isinstance(error, GisError):
        show_error(error)
    else:
        show_unexpected(error)
    return True


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>$#|~:"})


def escape_markdown(text: str) -> str:
    """Text of people inside markdown: shown as typed, no links, pictures, formulas or icons."""
    return text.translate(_MARKS)
