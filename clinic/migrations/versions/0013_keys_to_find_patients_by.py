"""What patients are found by: keys of their names, birth dates, phone numbers and addresses."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from clinic.accounts.finding import Identity, keys_of

revision = "0013"
down_revision = "0012"

AT_ONCE = 500


def upgrade() -> None:
    key = sa.String(length=254).with_variant(sa.String(254, collation="C"), "postgresql")
    keys = op.create_table(
        "patient_key",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", key, nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_key_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("kind", "key", "patient_id", name=op.f("pk_patient_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_patient_key_patient_id"), "patient_key", ["patient_id", "kind", "key"])
    _keep(keys)


def _keep(keys: sa.Table) -> None:
    """The keys of everybody who is there, some hundred patients at a time."""
    patient = sa.table(
        "patient",
        sa.column("id", sa.Integer()),
        sa.column("name", sa.String()),
        sa.column("born_on", sa.Date()),
        sa.column("phone", sa.String()),
        sa.column("email", sa.String()),
    )
    after = 0
    while rows := _next(patient, after):
        found = [
            {"kind": kind, "key": key, "patient_id": row.id}
            for row in rows
            for kind, key in sorted(keys_of(Identity(row.name, row.born_on, row.phone, row.email)))
        ]
        op.get_bind().execute(keys.insert(), found)
        after = rows[-1].id


def _next(patient: sa.TableClause, after: int) -> list[Any]:
    following = sa.select(patient).where(patient.c.id > after).order_by(patient.c.id)
    return list(op.get_bind().execute(following.limit(AT_ONCE)).all())


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
