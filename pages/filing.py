"""Filing: what becomes a case, and what is closed."""

from gis.accounts.model import Permission
from gis.ui.session import open_page
from gis.ui.several import desk_or_several
from gis.ui.words import _

open_page(_("Filing"), Permission.MOVE_CASES)
desk_or_several(("filing",), "filing")
