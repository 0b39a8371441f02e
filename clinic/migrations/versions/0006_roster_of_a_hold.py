"""The stamp of the roster that a hold was offered by: while it is the same, so is the offer.

The index over holds of an address has those of an address alone: PostgreSQL took it for any question
about holds, and read all of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

OF_AN_ADDRESS = "status = 'proposed' AND held_from IS NOT NULL"


def upgrade() -> None:
    op.add_column("appointment", sa.Column("held_under", sa.String(40), nullable=True))
    op.drop_index("ix_appointment_held_from", "appointment")
    op.create_index(
        "ix_appointment_held_from",
        "appointment",
        ["held_from"],
        sqlite_where=sa.text(OF_AN_ADDRESS),
        postgresql_where=sa.text(OF_AN_ADDRESS),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
