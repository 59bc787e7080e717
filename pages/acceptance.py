"""Acceptance: what has come in, and which results a supervisor should check."""

from gis.accounts.model import Permission
from gis.ui.session import open_page
from gis.ui.several import desk_or_several
from gis.ui.words import _

open_page(_("Acceptance"), Permission.MOVE_CASES)
desk_or_several(("acceptance", "nobody_on_duty"), "acceptance")
