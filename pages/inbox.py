"""Inbox: every task of one's posts by deadline."""

from gis.accounts.model import Permission
from gis.ui.inbox_view import inbox
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Inbox"), Permission.MOVE_CASES)
inbox()
