"""Answers to the questions of a module: whatever is sent, nothing is lost and nothing is kept that should not be."""

from tests.web.client import FETCH, Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from tests.web.learning import answer, as_typed, hidden, is_answered, open_card, take_module
from training.domain.module import Question, QuestionKind
from training.domain.roles import Role

pytestmark = ON_SQLITE

MODULE = "/modules/every-kind"


def test_an_answer_without_a_choice_is_asked_for_again(learner, module):
    for kind in QuestionKind:
        page, question = open_card(learner, module, kind)
        again = learner.submit(page, f"#question-{question.id} form", status=400)
        assert "Choose an answer first." in words(again.one(f"#question-{question.id}"))
        assert again.heading == page.heading
        assert not is_answered(learner, page, question)


def chosen(page: Loaded, question: Question) -> dict[str, str]:
    """Return what stands in a question's menus."""
    menus = page.all(f"#question-{question.id} select")
    return {menu.attrs["name"]: next((o.attrs["value"] for o in menu.query("option[selected]")), "") for menu in menus}


def test_a_place_given_twice_is_refused_and_every_place_is_still_there(learner, module):
    page, question = open_card(learner, module, QuestionKind.ORDER)
    twice = as_typed(question) | {f"answer-{question.options[1].key}": "1"}
    again = learner.submit(page, f"#question-{question.id} form", values=twice, status=400)
    assert "Each place can be given once." in again.main
    assert chosen(again, question) == twice


def test_menus_filled_in_by_half_are_still_filled_in_by_half(learner, module):
    for kind in (QuestionKind.ORDER, QuestionKind.MATCH):
        page, question = open_card(learner, module, kind)
        half = as_typed(question) | {f"answer-{question.options[0].key}": ""}
        again = learner.submit(page, f"#question-{question.id} form", values=half, status=400)
        assert chosen(again, question) == half


def test_a_place_that_is_none_is_asked_for_again(learner, module):
    page, question = open_card(learner, module, QuestionKind.ORDER)
    for place in ("0", "-1", "99", "1.0", "first", "²", "٣", "9" * 5000):
        fields = hidden(page, f"#question-{question.id} form") | as_typed(question)
        fields[f"answer-{question.options[2].key}"] = place
        learner.expect(learner.open("POST", page.address, data=fields), 400)
    assert not is_answered(learner, page, question)


def test_an_answer_that_the_page_did_not_offer_is_refused_in_words(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    for changed in ({"question": "no-such"}, {"question": ""}, {"answer": "zz"}):
        fields = hidden(page, f"#question-{question.id} form") | {"answer": question.options[0].key} | changed
        refused = learner.expect(learner.open("POST", page.address, data=fields), 400)
        assert refused.heading == "That could not be read"
        assert "Nothing was changed" in refused.main
    assert not is_answered(learner, page, question)


def test_a_match_with_a_partner_that_is_none_is_refused(learner, module):
    page, question = open_card(learner, module, QuestionKind.MATCH)
    fields = hidden(page, f"#question-{question.id} form") | as_typed(question)
    for partner in ("zz", "a=b", "="):
        fields[f"answer-{question.options[0].key}"] = partner
        assert learner.open("POST", page.address, data=fields).status == 400
    assert not is_answered(learner, page, question)


def test_the_first_answer_stays_however_often_another_is_sent(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    answer(learner, page, question, right=False)
    second = answer(learner, page, question, right=True)
    assert "Not quite" in words(second.one(f"#question-{question.id}"))


def test_script_gets_only_the_question_back(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    fields = hidden(page, f"#question-{question.id} form") | as_typed(question)
    part = learner.expect(learner.open("POST", page.address, data=fields, headers=FETCH), 200)
    assert [element.attrs["id"] for element in part.all("[data-question]")] == [f"question-{question.id}"]
    assert "<html" not in part.text


def test_a_card_that_is_not_there_is_not_found(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    for number in ("0", "6", "999999999999"):
        learner.get(f"{MODULE}/cards/{number}", status=404)
    fields = hidden(page, f"#question-{question.id} form")
    learner.expect(learner.open("POST", f"{MODULE}/cards/99", data=fields), 404)


def test_a_malformed_attempt_id_is_refused_in_words(learner):
    for attempt_id in ("", "1", "not-a-uuid", "0" * 4000):
        for action in ("start", "cards/1", "finish"):
            refused = learner.send(f"{MODULE}/{action}", {"attempt_id": attempt_id, "role": "social-care"})
            assert (refused.status, refused.heading) == (400, "That could not be read")


def test_sending_with_answers_missing_says_which_cards_are_open_and_keeps_the_rest(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    answer(learner, page, question)
    attempt = hidden(page, f"#question-{question.id} form")["attempt_id"]
    sent = learner.follow(learner.send(f"{MODULE}/finish", {"attempt_id": attempt}))
    assert sent.heading == "Not finished yet"
    asked = [card for card in module.cards[Role.SOCIAL_CARE] if card.questions and question not in card.questions]
    assert [words(link).partition(": ")[2] for link in sent.all(".app-choices a")] == [card.title for card in asked]
    assert is_answered(learner, page, question)


def test_an_attempt_that_does_not_pass_shows_what_to_look_at_again_and_moves_no_date(learner, module):
    result = take_module(learner, module, role=Role.SOCIAL_CARE, right=False)
    assert result.heading == "Not passed yet: Every kind of question"
    assert "no date has moved" in result.main
    assert len(result.all(".app-question")) == 5
    assert not result.all("#receipt")
    learner.get(f"{result.address}/certificate.pdf", status=404)
