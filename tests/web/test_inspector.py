"""The page inspector: each rule fails on a page that breaks it, and a good page passes."""

import pytest
from flask import Flask

from tests.web import inspector
from tests.web.client import FormMisused, filled
from tests.web.inspector import PageFaulty

GOOD = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Sites – STOMP Training</title></head><body>
<a href="#main">Skip</a>
<main id="main"><h1>Sites of the house</h1><h2>Add one</h2>
<form method="post" action="/sites"><input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label><input id="name" name="name" aria-describedby="hint"><p id="hint">Hint</p>
<button type="submit">Add</button></form>
<table><caption>All</caption><tr><th scope="col">Name</th></tr><tr><td><a href="/sites">One</a></td></tr></table>
<input type="checkbox" id="all" name="all"><label for="all">All</label><img src="/picture.svg" alt=""><a href="https://www.example.org/">Elsewhere</a>
</main></body></html>"""


@pytest.fixture(scope="module")
def routes() -> Flask:
    app = Flask("routes", static_folder="nowhere")
    app.add_url_rule("/sites", "sites", methods=["GET", "POST"])
    app.add_url_rule("/picture.svg", "picture")
    return app


def look_at(html: str, app: Flask) -> None:
    inspector.inspect(inspector.parse(html, address="/sites", app=app))


def test_a_good_page_passes(routes):
    look_at(GOOD, routes)


BAD = [
    ("</h2>", "</h3>", "invalid HTML"),
    ("<!DOCTYPE html>", "", "invalid HTML"),
    ('<label for="name">Name', '<label for="name"><div>Name</div>', "<div> stands in <label>"),
    ('<p id="hint">', '<p id="name">', "id 'name' stands 2 times"),
    ('<label for="name">Name</label>', "", "has no label"),
    ('<label for="name">Name</label>', '<label for="name"></label>', "has no label"),
    ('for="name"', 'for="other"', "is for 'other', which is not there"),
    ('<input id="name"', '<input type="radio" id="name"', "stands in no <fieldset>"),
    ('<button type="submit">Add', '<button type="submit">', "<button> {'type': 'submit'} has no words"),
    ('aria-describedby="hint"', 'aria-describedby="hint gone"', "aria-describedby='gone'"),
    ('href="#main"', 'href="#content"', "leads to #content"),
    ("</main>", "<script>1</script></main>", "inline <script>"),
    ("</head>", "<style>p{}</style></head>", "inline <style>"),
    ("<h2>", '<h2 style="color:red">', "style= on <h2>"),
    ("<h2>", '<h2 onclick="go()">', "onclick= on <h2>"),
    ("https://www.example.org/", "javascript:go()", "must not be a programme"),
    ('name="csrf_token"', 'name="other"', "has no csrf_token"),
    ('name="csrf_token" value="t"', 'name="csrf_token" value=""', "has no csrf_token"),
    (' alt=""', "", "has no alt"),
    ("<h2>", "<svg></svg><h2>", "neither aria-hidden nor has a <title>"),
    (' scope="col"', "", "has no scope"),
    ("<caption>All</caption>", "", "no <caption>"),
    ('<a href="/sites">', '<a href="/site">', "leads to no page of this service by GET"),
    ('action="/sites"', 'action="/picture.svg"', "leads to no page of this service by POST"),
    ('<a href="/sites">', '<a href="/static/gone.css">', "leads to no page"),
    ('src="/picture.svg"', 'src="https://www.example.org/a.png"', "loads from another site"),
    ("<h2>Add", '<p><a href="/sites">Elsewhere</a></p><h2>Add', "'Elsewhere' lead to 2 places"),
    ("<h2>Add one</h2>", "<h3>Add one</h3>", "an h3 follows an h1"),
    ("<h2>Add one</h2>", "<h1>Add one</h1>", "there are 2 h1"),
    ("<title>Sites", "<title>Houses", "must be the beginning of the h1"),
    (" – STOMP Training</title>", "</title>", "must be the beginning of the h1"),
    (' lang="en-GB"', "", "<html> has no lang"),
    ('<main id="main">', '<main id="content">', 'one <main id="main">'),
]


@pytest.mark.parametrize(("good", "bad", "fault"), BAD, ids=[fault for _, _, fault in BAD])
def test_a_page_that_breaks_a_rule_fails_with_its_address_and_what_is_wrong(routes, good, bad, fault):
    assert good in GOOD
    with pytest.raises(PageFaulty) as caught:
        look_at(GOOD.replace(good, bad), routes)
    assert str(caught.value).startswith("/sites breaks rules of the house:\n")
    assert fault in str(caught.value)


def test_every_rule_is_shown_to_fail(routes):
    shown = set()
    for good, bad, _ in BAD:
        page = inspector.parse(GOOD.replace(good, bad), address="/sites", app=routes)
        shown |= {rule for rule in (*inspector.PART_RULES, *inspector.WHOLE_RULES) if any(rule(page))}
    assert {rule.__name__ for rule in (*inspector.PART_RULES, *inspector.WHOLE_RULES)} == {r.__name__ for r in shown}


FORM = """<form><input type="hidden" name="token" value="t"><input name="name" value="Ann">
<input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
<select name="role"><option value="">Choose</option><option value="nurse">Nurse</option></select>
<input name="locked" disabled><button name="way" value="on">On</button></form>"""


def drawn(routes: Flask):
    return inspector.parse(FORM, address="/", app=routes, fragment=True).root.query_one("form")


def test_a_form_sends_what_it_was_drawn_with_and_what_was_filled_in(routes):
    sent = filled(drawn(routes), {"name": "Bo", "role": "nurse"}, button="on")
    assert sent == {"token": ["t"], "name": ["Bo"], "size": ["m"], "role": ["nurse"], "way": ["on"]}


@pytest.mark.parametrize(
    "fields",
    [{"other": "x"}, {"size": "l"}, {"role": "doctor"}, {"locked": "x"}],
    ids=lambda fields: next(iter(fields)),
)
def test_nobody_can_fill_in_what_the_form_does_not_offer(routes, fields):
    with pytest.raises(FormMisused):
        filled(drawn(routes), fields)


def test_nobody_can_press_a_button_that_is_not_there(routes):
    with pytest.raises(FormMisused):
        filled(drawn(routes), {}, button="back")
