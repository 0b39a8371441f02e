"""Which of the two was meant, of a local time that the autumn change repeats (S78).

Absences and extra hours from before say nothing: they keep the first. Nothing points at absences,
so that table may be rebuilt for its check.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("absence") as batch_op:
        batch_op.add_column(sa.Column("starts_second", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("ends_second", sa.Boolean(), nullable=True))
        batch_op.drop_constraint(op.f("ck_absence_runs_forwards"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_absence_runs_forwards"),
            "starts_on < ends_on OR (starts_on = ends_on AND (starts_minute < ends_minute"
            " OR (starts_second IS FALSE AND ends_second IS TRUE)))",
        )
    op.add_column("extra_hours", sa.Column("opens_second", sa.Boolean(), nullable=True))
    op.add_column("extra_hours", sa.Column("closes_second", sa.Boolean(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
