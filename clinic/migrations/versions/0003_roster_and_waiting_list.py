"""The roster whole, holds and moves in their details, and the waiting list.

Columns are added in place: rebuilding a table that others point at would lose rows on SQLite.
Nothing points at opening hours, so that table may be rebuilt for its check.
"""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "roster_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_stamp")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "starts_minute BETWEEN 0 AND 1439 AND ends_minute BETWEEN 1 AND 1440",
            name=op.f("ck_absence_minutes"),
        ),
        sa.CheckConstraint(
            "starts_on < ends_on OR (starts_on = ends_on AND starts_minute < ends_minute)",
            name=op.f("ck_absence_runs_forwards"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_absence_actor_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_absence_public_id")),
    )
    op.create_index("ix_absence_actor_id_ends_on", "absence", ["actor_id", "ends_on"], unique=False)

    op.create_table(
        "closed_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_closed_day_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("location_id", "day", name=op.f("uq_closed_day_location_id_day")),
        sa.UniqueConstraint("public_id", name=op.f("uq_closed_day_public_id")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_device_actor_id_actor")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_device_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("actor_id", name=op.f("uq_device_actor_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_device_public_id")),
    )
    op.create_index(op.f("ix_device_location_id"), "device", ["location_id"], unique=False)

    op.create_table(
        "extra_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name=op.f("ck_extra_hours_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_extra_hours_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_extra_hours_practitioner_id_practitioner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_hours")),
        sa.UniqueConstraint("public_id", name=op.f("uq_extra_hours_public_id")),
    )
    op.create_index("ix_extra_hours_day", "extra_hours", ["day"], unique=False)

    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_waitlist_entry_runs_forwards")),
        sa.CheckConstraint("parts BETWEEN 1 AND 7", name=op.f("ck_waitlist_entry_parts")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_waitlist_entry_weekdays")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_waitlist_entry_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_waitlist_entry_practitioner_id_practitioner"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_waitlist_entry_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_waitlist_entry_public_id")),
    )
    op.create_index(
        "ix_waitlist_entry_state", "waitlist_entry", ["state", "service_id"], unique=False
    )
    op.create_index(
        "uq_waitlist_entry_waits_once",
        "waitlist_entry",
        ["patient_id", "service_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_offer_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name=op.f("fk_offer_entry_id_waitlist_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_offer_appointment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_offer_token_hash")),
    )
    op.create_index(op.f("ix_offer_entry_id"), "offer", ["entry_id"], unique=False)
    op.create_index("ix_offer_state", "offer", ["state", "until"], unique=False)
    op.create_index(
        "uq_offer_open_once",
        "offer",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"], unique=False)
    op.add_column("appointment", sa.Column("held_from", sa.String(length=45), nullable=True))
    op.add_column("appointment", sa.Column("override_reason", sa.String(length=300), nullable=True))
    op.add_column("appointment", sa.Column("overrode", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_appointment_held_from",
        "appointment",
        ["held_from"],
        unique=False,
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.add_column(
        "clinic", sa.Column("offer_minutes", sa.Integer(), server_default="30", nullable=False)
    )
    with op.batch_alter_table("opening_hours") as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_opening_hours_runs_forwards"),
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
        )
    op.execute(
        "ALTER TABLE participant ADD COLUMN next_actor_id INTEGER"
        " CONSTRAINT fk_participant_next_actor_id_actor REFERENCES actor (id)"
    )
    op.add_column("participant", sa.Column("next_starts_at", UTCDateTime(), nullable=True))
    op.add_column("participant", sa.Column("next_ends_at", UTCDateTime(), nullable=True))
    op.add_column(
        "room", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("service", sa.Column("device_kind", sa.String(length=40), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
