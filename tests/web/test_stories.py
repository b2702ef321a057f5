"""Scenarios: choices taken twice, not offered, or sent with the attempt at something else."""

from tests.web.conftest import ON_SQLITE
from tests.web.learning import begin, hidden, open_card, take_scenario
from training.domain.module import QuestionKind

pytestmark = ON_SQLITE

MODULE = "/modules/every-kind"
SCENARIO = "/scenarios/the-story"


def test_a_choice_taken_twice_or_from_a_page_left_open_changes_nothing(learner):
    begin(learner, SCENARIO)
    first = learner.get(f"{SCENARIO}/play")
    choices = [button.attrs["value"] for button in first.all("button[name=choice]")]
    second = learner.submit(first, button=choices[0])
    again = learner.submit(first, button=choices[-1])
    assert again.heading == second.heading


def test_a_choice_that_is_not_offered_is_refused_in_words(learner):
    begin(learner, SCENARIO)
    page = learner.get(f"{SCENARIO}/play")
    for changed in ({"choice": "no-such"}, {"choice": ""}, {"step": "x"}, {"step": "9" * 5000}, {"step": ""}):
        refused = learner.send(f"{SCENARIO}/play", hidden(page) | {"choice": "x"} | changed)
        assert refused.status == 400
        assert "The story offers no such choice here" in refused.main
    assert learner.get(f"{SCENARIO}/play").heading == page.heading


def test_a_story_sent_before_its_end_goes_on(learner):
    begin(learner, SCENARIO)
    page = learner.get(f"{SCENARIO}/play")
    attempt = {"attempt_id": hidden(page)["attempt_id"]}
    assert learner.follow(learner.send(f"{SCENARIO}/finish", attempt)).heading == page.heading


def test_the_attempt_at_a_module_is_not_open_as_a_story(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    attempt = hidden(page, f"#question-{question.id} form")["attempt_id"]
    refused = learner.send(f"{SCENARIO}/play", {"attempt_id": attempt, "step": "0", "choice": "a"})
    assert (refused.status, refused.heading) == (409, "This attempt is not open any more")


def test_the_attempt_at_a_story_is_not_open_as_a_module(learner):
    begin(learner, SCENARIO)
    attempt = hidden(learner.get(f"{SCENARIO}/play"))["attempt_id"]
    refused = learner.send("/modules/the-story/cards/1", {"attempt_id": attempt, "question": "x"})
    assert refused.status == 409
    assert learner.visit("/modules/the-story/go-on").address == f"{SCENARIO}/play"


def test_a_story_shows_what_was_chosen_and_where_it_comes_from(learner, catalog):
    for safe, heading in ((False, "Not passed yet"), (True, "You passed")):
        result = take_scenario(learner, catalog.item("the-story"), safe=safe)
        assert result.heading == f"{heading}: The story"
        assert ("A dangerous choice" in result.main) is not safe
    assert result.link("CQC: Records") == "https://example.org/mar"
