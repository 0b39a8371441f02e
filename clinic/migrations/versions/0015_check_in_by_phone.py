"""Links to check in with, and the phones that do."""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "arrival_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_arrival_link_appointment_id_appointment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_link")),
        sa.UniqueConstraint(
            "appointment_id", "version", name=op.f("uq_arrival_link_appointment_id_version")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_arrival_link_token_hash")),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_arrival_appointment_id_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["arrival_link.id"], name=op.f("fk_arrival_link_id_arrival_link")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_arrival_visitor_id_visitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("public_id", name=op.f("uq_arrival_public_id")),
        sa.UniqueConstraint("visitor_id", name=op.f("uq_arrival_visitor_id")),
    )
    op.create_index("ix_arrival_opened_at", "arrival", ["opened_at"])


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
