"""
The project's own PostGIS cluster: one per `WANMI_HOME`, nothing on the network.

`ensure_started` creates, starts and prepares it as far as needed and answers how to
connect; it may be called by any number of processes at once. Needs the standard
library and the PostgreSQL programs of the machine, no driver.

Two roles use the database `wanmi`: `wanmi_owner` owns it and migrates it, `wanmi_app`
works in it and cannot change its shape. The superuser `postgres` makes roles,
database and extensions and does nothing else.
"""

from gis.db.cluster.folders import prepare_home
from gis.db.cluster.layout import ClusterUrls, Layout, app_url
from gis.db.cluster.lifecycle import ClusterStatus, destroy, ensure_started, status, stop

__all__ = [
    "ClusterStatus",
    "ClusterUrls",
    "Layout",
    "app_url",
    "destroy",
    "ensure_started",
    "prepare_home",
    "status",
    "stop",
]
