"""Every module that owns tables, imported once, so that names between them resolve."""

from clinic import idempotency, sealing
from clinic.accounts import models as accounts
from clinic.arriving import models as arriving
from clinic.audit import models as audit
from clinic.catalogue import models as catalogue
from clinic.intake import models as intake
from clinic.notices import models as notices
from clinic.photos import models as photos
from clinic.scheduling import models as scheduling
from clinic.screening import models as screening
from clinic.treatment import models as treatment
from clinic.waitlist import models as waitlist

__all__ = [
    "accounts",
    "arriving",
    "audit",
    "catalogue",
    "idempotency",
    "intake",
    "notices",
    "photos",
    "scheduling",
    "screening",
    "sealing",
    "treatment",
    "waitlist",
]
