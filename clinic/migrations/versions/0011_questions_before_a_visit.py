"""Questions that a physician asks before a consultation, and replies to them."""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_question_appointment_id_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_question_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_question_practitioner_id_practitioner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    op.create_index(op.f("ix_question_appointment_id"), "question", ["appointment_id"])
    with op.batch_alter_table("reply") as batch_op:
        batch_op.alter_column("note_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("question_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_reply_question_id_question"), "question", ["question_id"], ["id"]
        )
        batch_op.create_unique_constraint(op.f("uq_reply_question_id"), ["question_id"])
        batch_op.create_check_constraint(
            op.f("ck_reply_one_question"), "(note_id IS NULL) <> (question_id IS NULL)"
        )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
