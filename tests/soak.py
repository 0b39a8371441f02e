"""How long tests may look for faults: a little in `make test`, long under --soak."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

is_on = False  # tests/conftest.py says so, before it reads any test


def tries(few: int, many: int) -> settings:
    """*few* examples, *many* under --soak. A test's fixtures serve all of its examples."""
    return settings(
        max_examples=many if is_on else few,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
