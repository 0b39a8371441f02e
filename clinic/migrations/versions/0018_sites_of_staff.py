"""At which sites somebody works, and which one they look at."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "site_right",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_site_right_location_id_location")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_site_right_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "location_id", name=op.f("pk_site_right")),
    )
    op.create_table(
        "site_chosen",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_site_chosen_location_id_location")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_site_chosen_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_site_chosen")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
