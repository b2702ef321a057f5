"""Reading ease: syllables near enough to a person's count, sentences as readers meet them, terms both ways."""

import pytest
from hand_counted import BY_HAND

from training.catalog.glossary import Glossary, Term
from training.catalog.plain_words import count_shown, sentences_of
from training.catalog.reading_ease import reading_ease, terms_of
from training.catalog.syllables import syllables_in

GLOSSARY = Glossary(
    {
        "antipsychotic": Term("antipsychotic", "antipsychotic", ("antipsychotics",), "A medicine.", inline=False),
        "when-required": Term("when-required", "when required", ("PRN",), "Given when needed.", inline=True),
    }
)


def test_nine_words_in_ten_have_the_syllables_that_a_person_counted():
    assert len(BY_HAND) == 200
    wrong = {word: syllables_in(word) for word, count in BY_HAND.items() if syllables_in(word) != count}
    assert len(wrong) <= 20, wrong


def test_two_hundred_words_together_are_within_three_per_cent_of_a_persons_count():
    by_rule = sum(syllables_in(word) for word in BY_HAND)
    assert abs(by_rule - sum(BY_HAND.values())) <= 0.03 * sum(BY_HAND.values())


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("settled", 2), ("called", 1), ("tables", 2), ("takes", 1), ("boxes", 2), ("headaches", 2), ("reaches", 2)),
        *(("safely", 2), ("rely", 2), ("somebody", 3), ("everything", 3), ("sometimes", 2), ("management", 3)),
        *(("serious", 3), ("anxious", 2), ("situation", 4), ("quiet", 2), ("friend", 1), ("create", 2), ("people", 2)),
        *(("enjoyed", 2), ("eyes", 1), ("carrying", 3), ("autism", 3), ("doesn't", 2), ("nurse’s", 2), ("Mr", 2)),
        *(("GP", 2), ("NHS", 3), ("STOMP", 1), ("999", 1), ("when-required", 3), ("—", 0), ("“the”", 1)),
    ],
)
def test_a_word_is_counted_as_it_is_spoken(word, count):
    assert syllables_in(word) == count


def test_a_sentence_ends_at_its_stop_and_at_the_end_of_a_paragraph_item_or_cell():
    assert list(sentences_of('<p>"Stop!" he said. It is 2.5 now.</p><ul><li>One</li><li>Two</li></ul>')) == [
        '"Stop!" he said.',
        "It is 2.5 now.",
        "One",
        "Two",
    ]


def test_citations_and_labels_are_not_words():
    cited = (
        '<p>Ring.<sup class="app-citation"><a href="#source-a"><span class="x">Source </span>1</a></sup></p>'
        '<p class="app-block__label">Key point</p><p>Ring &amp; write.</p>'
    )
    assert count_shown([cited]) == 3


def test_the_grade_is_that_of_flesch_and_kincaid():
    ease = reading_ease(["<p>The cat sat on the mat. It was a very warm mat.</p>"])
    assert (ease.sentences, ease.words, ease.syllables) == (2, 12, 13)
    assert ease.grade == pytest.approx(0.39 * 6 + 11.8 * 13 / 12 - 15.59)
    assert ease.grade == ease.grade_with_terms


def test_glossary_terms_are_left_out_of_the_syllables_in_every_form_and_counted_in_the_length():
    ease = reading_ease(["<p>Her antipsychotics and the PRN plan.</p>"], terms_of(GLOSSARY))
    assert (ease.words, ease.plain_words, ease.plain_syllables) == (6, 4, 4)
    assert ease.grade == pytest.approx(0.39 * 6 + 11.8 * 4 / 4 - 15.59)
    assert ease.grade_with_terms > ease.grade + 5


def test_a_text_without_words_has_no_grade():
    assert reading_ease(["", "<hr>"]).grade == 0
    assert reading_ease(["<p>PRN</p>"], terms_of(GLOSSARY)).grade == 0
