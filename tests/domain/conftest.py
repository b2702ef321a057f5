"""How the rules' tests run in `make mutation`, where each of thousands of changed rules is tried once."""

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

# The first failing example is enough there, however long it is.
settings.register_profile(
    "few", settings.get_profile("steady"), max_examples=15, phases=[Phase.explicit, Phase.generate]
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the properties last in a mutation run, as the plain tests are quick and catch most."""
    if config.getoption("--hypothesis-profile") == "few":
        items.sort(key=lambda item: is_hypothesis_test(getattr(item, "obj", None)))
