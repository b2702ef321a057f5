"""What a view needs of the present request: database, catalogue, the viewer and the time."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app, g
from flask_login import current_user

from training import clock
from training.catalog.library import Catalog
from training.catalog.shelf import Shelf
from training.config import Config
from training.db import Database
from training.domain.days import day_in
from training.services import learning
from training.services.accounts import Viewer


@dataclass(slots=True)
class Rooms:
    """What `create_app` hands to the views."""

    config: Config
    database: Database
    shelf: Shelf


def init(app: Flask, *, config: Config, database: Database, shelf: Shelf) -> None:
    """Keep the rooms where views find them."""
    app.extensions["training"] = Rooms(config=config, database=database, shelf=shelf)


def rooms() -> Rooms:
    """Return the rooms of the present application."""
    return current_app.extensions["training"]


def config() -> Config:
    """Return the settings."""
    return rooms().config


def database() -> Database:
    """Return the database."""
    return rooms().database


def catalog() -> Catalog:
    """Return the content, read again first where its files have changed."""
    shelf = rooms().shelf
    shelf.refresh(before_use=lambda found: learning.keep_versions(database(), catalog=found, now=now()))
    return shelf.catalog


def now() -> datetime:
    """Return one instant for the whole request."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def viewer() -> Viewer:
    """Return whoever is signed in; only for views behind the guard."""
    return current_user.viewer


def today() -> date:
    """Return the present day in the viewer's organisation."""
    return day_in(now(), viewer().time_zone)
