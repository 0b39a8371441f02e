"""The profile of the jurisdiction in versions, and which consultations were by live video.

What a clinic had said of its public pages (whether they name the medicine, and the regulator) goes
on: as version 1.
"""

import sqlalchemy as sa
from alembic import op

from clinic import clock
from clinic.columns import UTCDateTime

revision = "0012"
down_revision = "0011"

LIMITS = {
    "default_validity_months": (1, 12),
    "longest_validity_months": (1, 12),
    "cooling_off_hours": (0, 720),
    "toxin_interval_days": (84, 365),
    "minimum_age": (18, 99),
}


def upgrade() -> None:
    profiles = op.create_table(
        "profile_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("live_video_counts", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in LIMITS),
        sa.Column("names_brand", sa.Boolean(), nullable=False),
        sa.Column("regulator", sa.String(length=300), nullable=True),
        *(
            sa.CheckConstraint(
                f"{name} BETWEEN {low} AND {high}", name=op.f(f"ck_profile_version_{name}")
            )
            for name, (low, high) in LIMITS.items()
        ),
        sa.CheckConstraint(
            "default_validity_months <= longest_validity_months",
            name=op.f("ck_profile_version_default_within_longest"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_profile_version_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
    )
    columns = sa.column("names_brand", sa.Boolean()), sa.column("regulator", sa.String())
    clinic = op.get_bind().execute(sa.select(*columns).select_from(sa.table("clinic"))).first()
    if clinic is not None and (clinic.names_brand or clinic.regulator):
        row = {
            "at": clock.now(),
            "because": "As the clinic had it before profiles had versions.",
            "live_video_counts": False,
            "default_validity_months": 6,
            "longest_validity_months": 12,
            "cooling_off_hours": 24,
            "toxin_interval_days": 84,
            "minimum_age": 18,
            "names_brand": clinic.names_brand,
            "regulator": clinic.regulator,
        }
        op.get_bind().execute(profiles.insert().values(**row))
    op.drop_column("clinic", "names_brand")
    op.drop_column("clinic", "regulator")
    op.add_column(
        "screening_note",
        sa.Column("by_live_video", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
