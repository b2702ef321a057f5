"""Settings: one that is unknown, malformed or unsafe refuses to start, and the message names it."""

import pytest

from training.config import Config, SettingRefused

SECRET = "thirty-two characters and then some"
PRODUCTION = {
    "TRAINING_ENV": "production",
    "TRAINING_SECRET_KEY": SECRET,
    "TRAINING_BASE_URL": "https://training.example.org",
    "TRAINING_DATABASE_URL": "postgresql://training@db/training",
}


def test_nothing_set_is_enough_to_try_it_out():
    config = Config.from_env({"PATH": "/bin"})
    assert (config.env, config.is_production, config.is_secure) == ("development", False, False)


def test_production_starts_with_what_it_needs():
    config = Config.from_env(PRODUCTION)
    assert (config.is_production, config.is_secure) == (True, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRAINING_COLOUR", "blue"),
        ("TRAINING_DATABASE_URI", "sqlite:///x"),
        ("TRAINING_ENV", "staging"),
        ("TRAINING_ENV", ""),
        ("TRAINING_BASE_URL", "training.example.org"),
        ("TRAINING_BASE_URL", "https://training.example.org/path"),
        ("TRAINING_BASE_URL", "https://"),
        ("TRAINING_BASE_URL", "https://["),
        ("TRAINING_BASE_URL", "javascript:alert(1)"),
        ("TRAINING_CONTENT_DIR", "/nowhere/at/all"),
        ("TRAINING_DATABASE_URL", "mysql://x"),
        ("TRAINING_DATABASE_URL", ""),
        ("TRAINING_TIME_ZONE", "Europe/Nowhere"),
        ("TRAINING_TIME_ZONE", "../../etc/passwd"),
    ],
)
def test_a_setting_that_is_unknown_or_malformed_is_named(name, value):
    with pytest.raises(SettingRefused, match=f"^{name}"):
        Config.from_env({name: value})


def test_an_unknown_setting_is_answered_with_those_there_are():
    with pytest.raises(SettingRefused) as refused:
        Config.from_env({"TRAINING_COLOUR": "blue"})
    assert "TRAINING_DATABASE_URL" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRAINING_PSEUDO_LANGUAGE", "yes"),
        ("TRAINING_SECRET_KEY", None),
        ("TRAINING_SECRET_KEY", "short"),
        ("TRAINING_BASE_URL", None),
        ("TRAINING_BASE_URL", "http://training.example.org"),
    ],
)
def test_production_refuses_what_is_only_fit_for_trying_it_out(name, value):
    given = {**PRODUCTION, name: value}
    with pytest.raises(SettingRefused, match=f"^{name}"):
        Config.from_env({key: setting for key, setting in given.items() if setting is not None})
