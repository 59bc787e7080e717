"""The photo field of a form: sends pictures as they are taken, answers their hashes."""

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from gis.ui.words import _

MOST_PHOTOS = 10
PICTURES = "image/jpeg,image/png,image/webp"
ATTACHMENTS = "application/pdf,video/mp4,video/webm,video/3gpp,audio/*,.m4a,.3gp," + PICTURES
_HTML = (
    '<div class="photos"><label><span class="choose"></span>'
    '<input type="file" accept="image/jpeg,image/png,image/webp" capture="environment" multiple>'
    '</label><ul></ul><p role="status"></p></div>'
)


@cache
def _source(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


# Registered at import, once per process: a second registration would replace running instances.
_component = st.components.v2.component(
    "wanmi_photos", html=_HTML, css=_source("photos.css"), js=_source("photos.js")
)


def photo_field(label: str, *, key: str, form: str) -> list[str]:
    """
    A field for up to ten photos; answers the hashes of what has been stored.

    Pictures are checked and kept by `/api/files` the moment they are chosen, so
    that a refused form keeps them. `form` names the form: another name starts
    empty.
    """
    st.markdown(label)
    found: Any = _component(
        key=key,
        data={
            "form": form,
            "most": MOST_PHOTOS,
            "accept": PICTURES,
            "camera": True,
            "words": {
                "choose": _("Take or choose photos"),
                "photo": _("Photo {n}"),
                "remove": _("Remove"),
                "sending": _("Sending …"),
                "failed": _("The photo could not be sent. Check the network and choose it again."),
            },
        },
        default={"photos": []},
        on_photos_change=lambda: None,
    )
    return [str(sha256) for sha256 in found.photos or []]


def file_field(label: str, *, key: str, form: str) -> list[str]:
    """
    A field for PDFs, videos and voice notes; answers the hashes of what has been stored.

    As `photo_field`; the server tells the kind of a file by its content.
    """
    st.markdown(label)
    found: Any = _component(
        key=key,
        data={
            "form": form,
            "most": MOST_PHOTOS,
            "accept": ATTACHMENTS,
            "camera": False,
            "words": {
                "choose": _("Choose files (20 MB each)"),
                "photo": _("File {n}"),
                "remove": _("Remove"),
                "sending": _("Sending …"),
                "failed": _("The file could not be sent. Check the network and choose it again."),
            },
        },
        default={"photos": []},
        on_photos_change=lambda: None,
    )
    return [str(sha256) for sha256 in found.photos or []]
