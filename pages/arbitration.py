"""Arbitration: which department acts when cases were returned again and again."""

from gis.accounts.model import Permission
from gis.ui.dispatch_board import board
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Arbitration"), Permission.MOVE_CASES)
board(("arbitration",), "arbitration")
