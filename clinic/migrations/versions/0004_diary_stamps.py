"""A stamp for each practitioner, room and device: another after every change of their visits."""

import sqlalchemy as sa
from alembic import op

from clinic.guards import NEW_STAMP

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "diary_stamp",
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_diary_stamp_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_diary_stamp")),
    )
    op.execute(
        "INSERT INTO diary_stamp (actor_id, stamp)"  # noqa: S608
        f" SELECT id, {NEW_STAMP[op.get_bind().dialect.name]} FROM actor WHERE kind <> 'patient'"
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
