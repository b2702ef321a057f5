"""What a plan says of a row, said again in another language."""

from gettext import NullTranslations

import pytest

from training.domain import language
from training.domain.import_said import said_row


class Loud(NullTranslations):
    """A language in which every known sentence stands between bars."""

    def gettext(self, message):
        return f"|{message}|"


@pytest.fixture
def loudly():
    with language.spoken(language.Speech("xx", "xx", Loud())):
        yield


@pytest.mark.usefixtures("loudly")
@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("As it is.", "|As it is.|"),
        ("Enter a site.", "|Enter a |site|.|"),
        (
            "There is no site called Oak. Did you mean Oaks? Mend it in the file, or have it made.",
            "|There is no site called Oak. Did you mean Oaks? Mend it in the file, or have it made.|",
        ),
        (
            "New here: Support worker, Oak House, from 3 Jan 2027 until 4 Feb 2027.",
            "|New here: Support worker, Oak House, from 3 |Jan| 2027 until 4 |Feb| 2027.|",
        ),
        (
            "Last day 3 Jan 2027: Dr. Carer, Oak House. Name becomes A. Bee; it was A. Cee.",
            "|Last day 3 |Jan| 2027: Dr. Carer, Oak House.| |Name becomes A. Bee; it was A. Cee.|",
        ),
        (
            "Ann: STOMP basics, passed on 3 Jan 2027. In date until 3 Jan 2028 by our rule (Care staff).",
            "|Ann: STOMP basics, passed on 3 |Jan| 2027. In date until 3 |Jan| 2028 by our rule (Care staff).|",
        ),
    ],
)
def test_a_kept_sentence_is_said_again_with_its_names_and_days(kept, said):
    assert said_row(kept) == said


def test_in_english_every_sentence_is_as_it_was_kept():
    assert said_row("Row 3 says the same job again.") == "Row 3 says the same job again."
