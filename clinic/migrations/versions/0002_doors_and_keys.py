"""Doors and keys: sessions, passkeys, second factors, claims, kept forms, seals of the audit.

Columns are added in place: rebuilding a table that others point at would lose rows on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from clinic.columns import UTCDateTime

revision = "0002"
down_revision = "0001"

data_key = sa.table(
    "data_key",
    sa.column("id", sa.Integer),
    sa.column("wrapped", sa.LargeBinary),
    sa.column("wrapped_by", sa.String),
)


def upgrade() -> None:
    op.create_table(
        "used_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_challenge")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_used_challenge_challenge_hash")),
    )
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data_key_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_audit_chain_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("lastuse_datetime", UTCDateTime(), nullable=False),
        sa.Column("usage", sa.String(length=20), nullable=False),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_passkey_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_passkey_user_id_name")),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"])

    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(20), nullable=True),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_session_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])

    op.create_table(
        "claim_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_claim_link_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_claim_link_token_hash")),
    )
    op.create_index("ix_claim_link_patient_id", "claim_link", ["patient_id"])

    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_emergency_access_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_emergency_access_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_emergency_access_practitioner_id_practitioner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sa.UniqueConstraint("public_id", name=op.f("uq_emergency_access_public_id")),
    )
    op.create_index("ix_emergency_access_patient_id", "emergency_access", ["patient_id"])
    op.create_index("ix_emergency_access_practitioner_id", "emergency_access", ["practitioner_id"])

    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_kept_form_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_kept_form_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kept_form_public_id")),
    )
    op.create_index("ix_kept_form_patient_id", "kept_form", ["patient_id"])
    op.create_index("ix_kept_form_user_id", "kept_form", ["user_id"])

    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id_audit_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.add_column("data_key", sa.Column("wrapped_by", sa.String(60), nullable=True))
    op.create_index("ix_data_key_wrapped_by", "data_key", ["wrapped_by"])
    _name_the_keys()
    op.add_column("user", sa.Column("fs_webauthn_user_handle", sa.String(64), nullable=True))
    op.create_index(
        "ix_user_fs_webauthn_user_handle", "user", ["fs_webauthn_user_handle"], unique=True
    )
    op.add_column("user", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("user", sa.Column("totp_last_counter", sa.BigInteger(), nullable=True))
    op.add_column("user", sa.Column("recovery_sealed", sa.LargeBinary(), nullable=True))
    op.execute(
        "ALTER TABLE visitor ADD COLUMN tablet_patient_id INTEGER"
        " CONSTRAINT fk_visitor_tablet_patient_id_patient REFERENCES patient (id)"
    )
    op.execute(
        "ALTER TABLE visitor ADD COLUMN tablet_user_id INTEGER"
        ' CONSTRAINT fk_visitor_tablet_user_id_user REFERENCES "user" (id)'
    )


def _name_the_keys() -> None:
    """Say beside each wrapped key which key of the ring wraps it: its name stands in front."""
    connection = op.get_bind()
    for number, wrapped in connection.execute(
        sa.select(data_key.c.id, data_key.c.wrapped).where(data_key.c.wrapped.is_not(None))
    ).all():
        name = bytes(wrapped[1 : 1 + wrapped[0]]).decode()
        connection.execute(
            sa.update(data_key).where(data_key.c.id == number).values(wrapped_by=name)
        )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before this migration.")
