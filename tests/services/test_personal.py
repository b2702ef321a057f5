"""What people set for themselves: remembered with their account, and nobody else's business."""

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person, sign_in
from training.domain.looks import Colours, Looks, TextSize
from training.services import accounts, personal

pytestmark = pytest.mark.usefixtures("home")
MANAGER = "manager@home.example"


def test_how_pages_look_is_remembered_at_the_next_sign_in_and_can_be_changed_again(database):
    viewer = sign_in(database, MANAGER, now=NOW)
    assert viewer.looks is None, "nobody chose anything yet"
    for looks in (Looks(text=TextSize.LARGEST, colours=Colours.DARK, is_calm=True), Looks()):
        personal.change_looks(database, viewer=viewer, looks=looks)
        assert sign_in(database, MANAGER, now=NOW).looks == looks.kept


def test_it_holds_at_once_in_every_session_and_for_nobody_else(database, home):
    other = make_person(database, home, now=NOW, email="worker@home.example")
    name = let_in(database, home, other, now=NOW)
    token = accounts.sign_in(database, sign_in_name=MANAGER, password=PASSWORD, now=NOW, client="a phone")
    personal.change_looks(database, viewer=sign_in(database, MANAGER, now=NOW), looks=Looks(is_calm=True))
    assert accounts.find_viewer(database, token=token, now=NOW).looks == "calm"
    assert sign_in(database, name, now=NOW).looks is None
