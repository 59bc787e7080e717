"""Dispatch: who must act, and what departments ask for; queue and map side by side."""

from gis.accounts.model import Permission
from gis.ui.dispatch_board import board
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Dispatch"), Permission.MOVE_CASES)
board(("dispatch",), "dispatch")
