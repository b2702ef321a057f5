"""Letters in the language that whoever gets them has chosen."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import let_in
from tests.services.test_reminders import add, post, received, run, running  # noqa: F401 (fixtures)
from training.db import EVERYWHERE
from training.domain.language import ENGLISH, Language, current
from training.domain.looks import Looks
from training.models import Account
from training.services import personal

WORDS = {
    Language.ENGLISH: ("Your training: 3 things to do", "Reminders of required training cannot be stopped"),
    Language.WELSH: ("Eich hyfforddiant: 3 pheth", "Ni ellir atal nodiadau atgoffa"),
    Language.POLISH: ("Szkolenia: 3 rzeczy do zrobienia", "Przypomnień o wymaganych szkoleniach nie można"),
}


def choose(database, home, person, language: Language) -> None:
    """Have somebody sign in and choose their language."""
    name = let_in(database, home, person, now=NOW)
    with database.read(EVERYWHERE) as session:
        account_id = session.scalars(select(Account.id).where(Account.sign_in_name == name)).one()
    personal.change_looks(database, viewer=replace(person, account_id=account_id), looks=Looks(language=language))


@pytest.mark.parametrize("language", list(Language))
def test_a_reminder_speaks_the_language_of_whoever_gets_it(database, home, post, running, language):  # noqa: F811
    first, _second = add(database, home, 2)
    choose(database, home, first, language)
    run(database, post)
    letters = {message["To"].addresses[0].addr_spec: message for message in received(running)}
    subject, foot = WORDS[language]
    theirs, others = letters["p0@home.example"], letters["p1@home.example"]
    assert theirs["Subject"].startswith(subject)
    assert foot in theirs.get_body(("plain",)).get_content()
    assert others["Subject"] == WORDS[Language.ENGLISH][0]
    assert current() is ENGLISH
