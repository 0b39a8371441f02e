"""Tables of accounts: `people` are who they are, `doors` how they come in."""

from clinic.accounts.models.doors import CodePurpose, EmailCode, Throttle
from clinic.accounts.models.people import (
    ActorKind,
    ActorRow,
    Credential,
    CredentialKind,
    Patient,
    Practitioner,
    RoleRow,
    User,
    Visitor,
    user_roles,
)

__all__ = [
    "ActorKind",
    "ActorRow",
    "CodePurpose",
    "Credential",
    "CredentialKind",
    "EmailCode",
    "Patient",
    "Practitioner",
    "RoleRow",
    "Throttle",
    "User",
    "Visitor",
    "user_roles",
]
