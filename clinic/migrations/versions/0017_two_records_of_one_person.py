"""Links between two records of one person."""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0017"
down_revision = "0016"

IN_FORCE = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "patient_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("replaced_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", UTCDateTime(), nullable=False),
        sa.Column("linked_by", sa.String(length=60), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("closed_user_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=60), nullable=True),
        sa.Column("data_key_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("replaced_id <> kept_id", name=op.f("ck_patient_link_two_records")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)",
            name=op.f("ck_patient_link_undone_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_patient_link_{column}_{table}")
            )
            for column, table in (
                ("replaced_id", "patient"),
                ("kept_id", "patient"),
                ("closed_user_id", "user"),
                ("data_key_id", "data_key"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_patient_link_public_id")),
    )
    for column in ("replaced_id", "kept_id"):
        op.create_index(
            op.f(f"ix_patient_link_{column}"),
            "patient_link",
            [column],
            unique=column == "replaced_id",
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
