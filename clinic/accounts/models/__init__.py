"""Tables of accounts: `people` are who they are, `doors` how they come in, `keys` find them.

`links` join two records of one person.
"""

from clinic.accounts.models.doors import (
    ClaimLink,
    CodePurpose,
    EmailCode,
    EndedBecause,
    KeptForm,
    Passkey,
    Throttle,
    UsedChallenge,
    UserSession,
)
from clinic.accounts.models.keys import PatientKey
from clinic.accounts.models.links import PatientLink
from clinic.accounts.models.people import (
    ActorKind,
    ActorRow,
    Credential,
    CredentialKind,
    Patient,
    Practitioner,
    RoleRow,
    SiteChosen,
    SiteRight,
    User,
    Visitor,
    user_roles,
)

__all__ = [
    "ActorKind",
    "ActorRow",
    "ClaimLink",
    "CodePurpose",
    "Credential",
    "CredentialKind",
    "EmailCode",
    "EndedBecause",
    "KeptForm",
    "Passkey",
    "Patient",
    "PatientKey",
    "PatientLink",
    "Practitioner",
    "RoleRow",
    "SiteChosen",
    "SiteRight",
    "Throttle",
    "UsedChallenge",
    "User",
    "UserSession",
    "Visitor",
    "user_roles",
]
