"""Pages of accounts: where a sign-in leads (`welcome`), security settings, what was kept."""

from clinic.accounts.views import kept_form, security, welcome  # noqa: F401  (they add the routes)
from clinic.accounts.views.blueprint import bp

__all__ = ["bp"]
