"""How many examples a property is tried on that wants more or fewer than the usual."""

from hypothesis import settings

USUAL = 100


def examples(wanted: int) -> int:
    """Give what is wanted, or as small a part of it as the profile in use has of the usual number."""
    return max(1, wanted * settings.default.max_examples // USUAL)
