"""Looks at numbers: who looked at callers' telephone numbers, how often and why."""

from gis.accounts.model import Permission
from gis.ui.reveals_view import reveals_view
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Looks at numbers"), Permission.VIEW_AUDIT)
reveals_view(actor)
