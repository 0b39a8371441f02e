"""The stamp of the roster that a hold was offered by: while it is the same, so is the offer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("appointment", sa.Column("held_under", sa.String(40), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
