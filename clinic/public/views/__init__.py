"""Pages that anybody may read, and the two that a machine asks."""

from clinic.public.views import home, law, learn, machines
from clinic.public.views.blueprint import bp

__all__ = ["bp", "home", "law", "learn", "machines"]
