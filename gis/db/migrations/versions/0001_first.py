"""The first schema.

Revision ID: 0001
"""

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    srid = int(context.config.attributes["work_srid"])
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(sql.format(srid=srid))
