"""Where the rooms are wired together."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from training import clock
from training.catalog.library import Catalog
from training.catalog.shelf import Shelf
from training.config import Config
from training.db import Database
from training.jobs.orders import open_orders
from training.services import learning, organisations
from training.web import (
    access,
    account,
    asc_wds,
    assets,
    audit,
    carers,
    charts,
    content_decisions,
    current,
    errors,
    esr,
    files,
    hand_carried,
    headers,
    imports,
    learn,
    library,
    light,
    messages,
    mine,
    modules,
    offline,
    pack_links,
    packs,
    passkeys,
    people_changes,
    people_jobs,
    permissions,
    pins,
    preferences,
    public,
    push,
    reading,
    record,
    reports,
    requirements,
    review,
    saved_filters,
    scenarios,
    schedules,
    sessions,
    settings,
    sheets,
    slips,
    tablet,
    tablets,
    team,
    unsubscribe,
    ways_in,
    words,
)

PAGES = (
    public,
    library,
    sheets,
    carers,
    account,
    passkeys,
    ways_in,
    learn,
    modules,
    scenarios,
    record,
    pins,
    tablet,
    tablets,
    offline,
    team,
    slips,
    charts,
    saved_filters,
    reports,
    schedules,
    files,
    packs,
    pack_links,
    people_changes,
    people_jobs,
    imports,
    permissions,
    hand_carried,
    audit,
    requirements,
    content_decisions,
    messages,
    settings,
    review,
    unsubscribe,
    mine,
    preferences,
    push,
    asc_wds,
    esr,
)


def create_app(config: Config, *, catalog: Catalog | None = None) -> Flask:
    """Return the web application; the content is read unless it is handed in.

    Raises:
        ContentFaulty: when a content file has a fault; it names every file and line.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-training" if config.is_secure else "training",
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The server ends sessions; a cookie with every answer would let a late one undo what was just set.
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=500,
    )
    # Without proxies in front of us anybody could claim any address in these headers.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)
    database = Database(config.database_url)
    shelf = Shelf(config.content_dir, watch=not config.is_production, catalog=catalog)
    learning.keep_versions(database, catalog=shelf.catalog, now=clock.now())
    organisations.ensure_public(database, time_zone=config.time_zone, now=clock.now())
    current.init(app, config=config, database=database, shelf=shelf)
    app.extensions["order"] = open_orders(config.database_url)
    for part in (words, sessions, light, assets, headers, preferences, reading, access, errors):
        part.init(app)
    for part in PAGES:
        app.register_blueprint(part.pages)
    return app
