"""An index of the log's rows about visits that moved through the day, for the numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index(
        "ix_audit_event_visits_moved",
        "audit_event",
        ["at"],
        sqlite_where=sa.text("event = 'appointment:status'"),
        postgresql_where=sa.text("event = 'appointment:status'"),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
