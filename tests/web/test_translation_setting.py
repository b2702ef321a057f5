"""Whether translations that nobody has reviewed are shown: not unless somebody says yes."""

import pytest

from training.config import Config, SettingRefused


def test_the_setting_is_off_unless_it_says_yes():
    name = "TRAINING_SHOW_UNREVIEWED_TRANSLATIONS"
    assert Config.from_env({}).show_unreviewed_translations is False
    assert Config.from_env({name: "no"}).show_unreviewed_translations is False
    assert Config.from_env({name: "yes"}).show_unreviewed_translations is True
    for value in ("", "true", "1", "Yes"):
        with pytest.raises(SettingRefused, match=f"^{name}"):
            Config.from_env({name: value})
