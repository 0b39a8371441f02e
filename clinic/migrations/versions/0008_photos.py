"""Photos of a form, sealed, and what the patient lets them be used for."""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0008"
down_revision = "0007"

ALL_OR_NOTHING = (
    "(erased_at IS NULL) = (image_sealed IS NOT NULL)"
    " AND (erased_at IS NULL) = (thumbnail_sealed IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.Column("image_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("data_key_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(ALL_OR_NOTHING, name=op.f("ck_photo_photo_is_whole_or_erased")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_photo_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intake.id"], name=op.f("fk_photo_intake_id_intake")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("intake_id", "view", name=op.f("uq_photo_intake_id_view")),
        sa.UniqueConstraint("public_id", name=op.f("uq_photo_public_id")),
    )
    op.create_table(
        "photo_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intake.id"], name=op.f("fk_photo_consent_intake_id_intake")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_consent")),
    )
    op.create_index("ix_photo_consent_intake_id", "photo_consent", ["intake_id", "id"])


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
