"""Confirmed answers, alerts of safety, and whom somebody calls who is in danger."""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "intake_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_intake_confirmation_appointment_id_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intake.id"], name=op.f("fk_intake_confirmation_intake_id_intake")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_confirmation")),
        sa.UniqueConstraint(
            "appointment_id",
            "intake_id",
            name=op.f("uq_intake_confirmation_appointment_id_intake_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_intake_confirmation_public_id")),
    )
    op.create_index(
        op.f("ix_intake_confirmation_intake_id"), "intake_confirmation", ["intake_id"], unique=False
    )
    op.create_table(
        "safety_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL)",
            name=op.f("ck_safety_alert_seen_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intake.id"], name=op.f("fk_safety_alert_intake_id_intake")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_safety_alert_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"],
            ["practitioner.id"],
            name=op.f("fk_safety_alert_seen_by_id_practitioner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_alert")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_safety_alert_intake_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_safety_alert_public_id")),
    )
    op.create_index(
        op.f("ix_safety_alert_patient_id"), "safety_alert", ["patient_id"], unique=False
    )
    op.add_column("clinic", sa.Column("emergency_number", sa.String(20), nullable=True))
    op.add_column("clinic", sa.Column("helpline", sa.String(200), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
