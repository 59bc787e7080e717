"""Dispatch: who must act, and what departments ask for."""

from gis.accounts.model import Permission
from gis.ui.session import open_page
from gis.ui.several import desk_or_several
from gis.ui.words import _

open_page(_("Dispatch"), Permission.MOVE_CASES)
desk_or_several(("dispatch", "arbitration"), "dispatch")
