"""Which form an approval was resumed on, by whom and on which day. Nothing was resumed before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("approval_event") as batch_op:
        batch_op.add_column(sa.Column("intake_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("practitioner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resumed_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_approval_event_intake_id_intake"), "intake", ["intake_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_approval_event_practitioner_id_practitioner"),
            "practitioner",
            ["practitioner_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_approval_event_resumed_on_a_form"),
            "(kind = 'resumed') = (intake_id IS NOT NULL)"
            " AND (kind = 'resumed') = (practitioner_id IS NOT NULL)"
            " AND (kind = 'resumed') = (resumed_on IS NOT NULL)",
        )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
