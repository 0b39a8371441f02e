"""Answers that were confirmed for a visit on an earlier day can be confirmed again on its own.

Nothing points at confirmations, so that table may be rebuilt.
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("intake_confirmation") as batch_op:
        batch_op.drop_constraint(
            op.f("uq_intake_confirmation_appointment_id_intake_id"), type_="unique"
        )
    op.create_index(
        op.f("ix_intake_confirmation_appointment_id"), "intake_confirmation", ["appointment_id"]
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
