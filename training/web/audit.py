"""The page of the audit log: who did what to whom, when and from where; searched, and as a file."""

import uuid

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from training.domain import language
from training.domain.audit import Act
from training.domain.audit_words import read_id
from training.domain.language import _
from training.exports.formats import FORMATS
from training.services import audit_log
from training.services.audit_log import Wanted
from training.web import current
from training.web.as_of import usable_day, wrong_days
from training.web.messages import local_time

pages = Blueprint("audit", __name__, url_prefix="/team")
# Nobody prints it.
FORMS = {form: FORMATS[form] for form in ("csv", "xlsx", "json")}
SPAN = FROM, UNTIL = "from", "until"
LONGEST = 255
LARGEST_NUMBER = 2**31 - 1


@pages.get("/audit-log")
def log() -> ResponseReturnValue:
    """Show a page of the entries asked for, newest first."""
    wanted = asked()
    page = audit_log.log_page(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), wanted=wanted, before=before()
    )
    asked_for = {
        "wanted": wanted,
        "address": address_of(wanted),
        "wrong": wrong_days(SPAN),
        "is_first": before() is None,
    }
    known = {"acts": acts_said(), "forms": FORMS, "local_time": local_time}
    return render_template("audit/log.html", page=page, **asked_for, **known)


def acts_said() -> list[tuple[Act, str]]:
    """Return every act with its words in the language that is spoken."""
    return [(act, _(act.value)) for act in Act]


@pages.get("/audit-log.<form>")
def log_file(form: str) -> ResponseReturnValue:
    """Return every entry asked for as a download, in English; that it was made is an entry itself."""
    if form not in FORMS:
        abort(404)
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    with language.spoken(language.ENGLISH):
        report = audit_log.open_log(current.database(), wanted=asked(), form=form, **known)
    named = f'attachment; filename="{report.file_name}.{form}"'
    pieces = language.in_english(FORMS[form].encode(report))
    return Response(pieces, mimetype=FORMS[form].type, headers={"Content-Disposition": named})


def asked() -> Wanted:
    """Return what the address asks for; what is not understood filters nothing."""
    act = request.args.get("act", "")
    return Wanted(
        who=text_of("who"),
        act=Act(act) if act in set(Act) else None,
        whom=text_of("whom"),
        person_id=read_person(),
        from_on=usable_day(FROM),
        until_on=usable_day(UNTIL),
    )


def text_of(name: str) -> str:
    """Return a text in the address."""
    return request.args.get(name, "").strip()[:LONGEST]


def read_person() -> uuid.UUID | None:
    """Return the one person asked for, if any."""
    return read_id(request.args.get("person", ""))


def before() -> int | None:
    """Return the number below which to go on, or None for the newest entries."""
    number = request.args.get("before", default=None, type=int)
    return number if number is not None and 0 < number <= LARGEST_NUMBER else None


def address_of(wanted: Wanted) -> dict[str, str]:
    """Return what is asked for as it stands in an address."""
    days = {FROM: wanted.from_on, UNTIL: wanted.until_on}
    kept = {"who": wanted.who, "act": wanted.act, "whom": wanted.whom, "person": wanted.person_id, **days}
    return {name: str(value) for name, value in kept.items() if value}
