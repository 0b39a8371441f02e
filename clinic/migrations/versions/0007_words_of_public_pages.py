"""Whether public pages may name the medicine, and the regulator that the clinic names there.

A clinic that was made before does not name it: the strictest is the default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "clinic", sa.Column("names_brand", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("clinic", sa.Column("regulator", sa.String(300), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
