"""The watch over every page that tests load: drawing asks the database nothing, and templates get no rows."""

import pytest
from flask import render_template

from tests.web.client import Client
from tests.web.conftest import ON_SQLITE, no_query_while_drawing, refuse_rows
from training.models import Person
from training.services.accounts import Place
from training.services.organisations import SiteRow


@ON_SQLITE
def test_a_page_that_asks_the_database_while_it_is_drawn_fails(make_app):
    app = make_app()
    database = app.extensions["training"].database

    def ask() -> str:
        with database.engine.connect() as connection:
            return str(connection.exec_driver_sql("SELECT 1").scalar())

    class Lazy:
        def __str__(self) -> str:
            return ask()

    app.add_url_rule("/lazy", "public.front2", lambda: render_template("error.html", heading="Lazy", words=Lazy()))
    app.view_functions["public.front"] = app.view_functions["public.front2"]
    with no_query_while_drawing(app), pytest.raises(AssertionError, match=r"drawing error\.html asked the database"):
        Client(app).get("/")


def test_a_row_of_the_database_is_found_however_deep_it_stands():
    with pytest.raises(AssertionError, match="is handed a row of Person"):
        refuse_rows({"report": [(Place(1, None, "Home"), {"who": Person(name="Ann")})]}, where="a.html")
    refuse_rows({"sites": [SiteRow(None, "Home")]}, where="a.html")
