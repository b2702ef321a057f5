"""A new module or scenario passes the check as it stands, and never takes the place of a file."""

from datetime import date

import pytest
from sample_content import module_text, write

from training.catalog.authored import read_authored
from training.catalog.glossary import Glossary
from training.catalog.hints import hints_for
from training.catalog.library import check_content
from training.catalog.starters import KINDS, AlreadyWritten, NotASlug, begin
from training.domain.module import QuestionKind
from training.domain.roles import Role
from training.domain.scenario import Tag

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("roles", [[role] for role in Role] + [list(Role), [Role.SOCIAL_CARE, Role.SOCIAL_CARE]])
def test_a_starter_has_neither_faults_nor_hints(tmp_path, kind, roles):
    path = begin(tmp_path, kind=kind, slug="new-one", roles=roles, today=TODAY)
    assert path == tmp_path / KINDS[kind] / "new-one.md"
    assert check_content(path) == []
    assert hints_for(path, glossary=Glossary({}), today=TODAY) == []
    item = read_authored(path)[0].item
    assert item.roles == tuple(dict.fromkeys(roles))
    assert (item.title, item.version, item.written_on) == ("New one", "0.1", TODAY)
    assert item.review_by == date(2027, 11, 22)


def test_a_starter_shows_every_kind_of_question_and_of_choice(tmp_path):
    module = read_authored(begin(tmp_path, kind="module", slug="a", roles=[Role.PRESCRIBER], today=TODAY))[0].item
    assert {question.kind for question in module.questions(Role.PRESCRIBER)} == set(QuestionKind)
    story = read_authored(begin(tmp_path, kind="scenario", slug="b", roles=[Role.PRESCRIBER], today=TODAY))[0].item
    choices = [choice for scene in story.scenes.values() for choice in scene.choices]
    assert {choice.tag for choice in choices} == set(Tag)
    assert any(choice.once for choice in choices)
    assert any(choice.needs for choice in choices)
    assert any(choice.target == "back" for choice in choices)


@pytest.mark.parametrize("taken", ["modules", "scenarios"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_taken_by_either_kind_is_refused_and_the_file_left_alone(tmp_path, kind, taken):
    there = write(tmp_path, module_text(), f"{taken}/first.md")
    with pytest.raises(AlreadyWritten, match=r"first\.md is there already"):
        begin(tmp_path, kind=kind, slug="first", roles=[Role.SOCIAL_CARE], today=TODAY)
    assert there.read_text() == module_text()
    assert len(list(tmp_path.rglob("*.md"))) == 1


@pytest.mark.parametrize("slug", ["", "Bad", "a b", "../a", "a/b", "-a", "a--b", "é", "a" * 81])
def test_a_name_that_is_no_address_is_refused(tmp_path, slug):
    with pytest.raises(NotASlug, match="cannot be an address"):
        begin(tmp_path, kind="module", slug=slug, roles=[Role.SOCIAL_CARE], today=TODAY)
    assert list(tmp_path.iterdir()) == []
