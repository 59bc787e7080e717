"""Handling: what the department has to solve."""

from gis.accounts.model import Permission
from gis.ui.queue_view import desk
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Handling"), Permission.MOVE_CASES)
desk(("handling", "handling_mine", "handling_nobody", "assisting"), "handling")
