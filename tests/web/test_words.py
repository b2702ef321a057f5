"""Words that templates are given: addresses written out are those that the routes give."""

from flask import url_for

from training.web.words import address


def test_the_address_of_an_item_is_the_one_that_its_route_gives(app, catalog):
    with app.test_request_context():
        for kind, slug in [*((item.kind, item.slug) for item in catalog.items()), ("module", "not one? of ours")]:
            assert address(kind, slug) == url_for("learn.item", kind=kind, slug=slug)
