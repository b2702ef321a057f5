"""Names in a list that anybody in the room can read: short, and told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.short_names import Named, short_names


def called(*names: str) -> list[str]:
    return short_names([Named(name) for name in names])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Marta Kowalska", "Marta K."),
        ("Dr Samuel Adeyemi", "Samuel A."),
        ("Mrs. Jean Whitfield", "Jean W."),
        ("Fatima Zahra El Idrissi", "Fatima I."),
        ("Prince", "Prince"),
        ("Miss", "Miss"),
        ("李伟", "李伟"),
        ("Ann X", "Ann X"),
    ],
)
def test_somebody_is_called_by_the_first_name_and_an_initial(name, short):
    assert called(name) == [short]


def test_those_who_would_be_called_alike_get_as_many_letters_as_it_takes():
    assert called("Marta Kowalska", "Marta Kelly", "Tom Ellison") == ["Marta Ko.", "Marta Ke.", "Tom E."]
    assert called("Ann Smith", "Ann Smithson", "Ann Smit") == ["Ann Smith", "Ann Smiths.", "Ann Smit"]
    assert called("ANN SMITH", "Ann Stone") == ["ANN SM.", "Ann St."]


def test_a_middle_name_tells_apart_where_first_and_last_do_not():
    assert called("Ann Mary Lee", "Ann Jo Lee") == ["Ann Mary Lee", "Ann Jo Lee"]


def test_one_name_for_two_is_told_apart_by_the_job_and_then_the_number():
    both = [Named("Ann Lee", ("Nurse", "17")), Named("Ann Lee", ("Support worker", "18"))]
    assert short_names(both) == ["Ann Lee, Nurse", "Ann Lee, Support worker"]
    alike = [Named("Ann Lee", ("Nurse", "17")), Named("Ann Lee", ("Nurse", "18"))]
    assert short_names(alike) == ["Ann Lee, Nurse, 17", "Ann Lee, Nurse, 18"]


def test_where_nothing_tells_two_apart_both_are_listed():
    assert called("Ann Lee", "Ann Lee") == ["Ann Lee", "Ann Lee"]


@given(st.lists(st.text(alphabet="aAbB zé", min_size=1, max_size=12).filter(str.strip), max_size=30))
def test_different_names_are_always_called_differently(names):
    different = list({" ".join(name.split()).casefold(): " ".join(name.split()) for name in names}.values())
    words = [word.casefold() for word in called(*different)]
    assert len(words) == len(different)
    assert len(set(words)) == len(words)
