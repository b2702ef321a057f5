"""The language in which somebody is spoken to."""

from gettext import NullTranslations

import pytest

from training.domain import language
from training.domain.language import Language, Speech, _, ngettext
from training.domain.looks import Looks, read_looks


class Loud(NullTranslations):
    """A language that says everything in capitals."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("%(NAME)S", "%(name)s")

    def ngettext(self, _one: str, _many: str, n: int) -> str:
        return f"{n} OF THEM"


LOUD = Speech("loud", "x-loud", Loud())


def test_a_sentence_is_said_in_the_language_that_is_spoken():
    assert _("Well done, %(name)s.", name="Mo") == "Well done, Mo."
    with language.spoken(LOUD):
        assert _("Well done, %(name)s.", name="Mo") == "WELL DONE, Mo."
        assert ngettext("%(count)s card", "%(count)s cards", 3) == "3 OF THEM"
    assert ngettext("%(count)s card", "%(count)s cards", 1) == "1 card"


def test_a_language_ends_with_its_block_also_when_something_breaks_off():
    with pytest.raises(RuntimeError), language.spoken(LOUD):
        raise RuntimeError
    assert language.current() is language.ENGLISH


def test_a_percent_sign_in_a_sentence_without_values_stays_what_it_is():
    assert _("80% to pass") == "80% to pass"


@pytest.mark.parametrize("chosen", list(Language))
def test_the_language_is_kept_with_how_pages_look(chosen):
    assert read_looks(Looks(language=chosen).kept).language is chosen


def test_every_language_calls_itself_by_its_own_name():
    assert [one.label for one in Language] == ["English", "Cymraeg", "Polski"]
