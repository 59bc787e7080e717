"""Call desk: a citizen's call becomes a case, a voice for a case, or an answer; call-backs."""

from gis.accounts.model import Permission
from gis.ui.call_desk.desk import call_desk
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Call desk"), Permission.TAKE_CALLS)
call_desk()
