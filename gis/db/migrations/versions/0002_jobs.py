"""The job queue's own tables and functions, as the pinned library ships them.

Revision ID: 0002
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # The raw cursor: the text holds % signs, which the driver would read as parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())
