"""Filing: what becomes a case, and what is closed."""

from gis.accounts.model import Permission
from gis.ui.queue_view import desk
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Filing"), Permission.MOVE_CASES)
desk(("filing",), "filing")
