"""Map: every layer a person may see, what lies under a click, and a link that keeps the view."""

from gis.accounts.model import Permission
from gis.ui.map_page import map_page
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Map"), Permission.VIEW_MAP, heading=False)
map_page()
