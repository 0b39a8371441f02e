"""The manager's pages, each saving alone, and the visits that fall outside."""

from clinic.rosters.views import outside, people, physicians, profile, sites, things
from clinic.rosters.views.blueprint import bp

__all__ = ["bp", "outside", "people", "physicians", "profile", "sites", "things"]
