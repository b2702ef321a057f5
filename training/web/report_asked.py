"""What an address asks of a report; what is not understood asks nothing."""

import uuid
from collections.abc import Generator
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import in_english
from training.domain.roles import Role
from training.domain.status import Status
from training.exports.formats import FORMATS
from training.services import report_kinds, report_orders
from training.services.listings import PeopleFilter
from training.services.report_orders import Wanted
from training.services.report_questions import SOON, Question
from training.web import current, files
from training.web.as_of import SPOKEN_OF, DayRefused, as_of_asked, days_asked, usable_day, wrong_days

SPAN = SINCE, UNTIL = "from", "until"
FIELDS = (
    *SPOKEN_OF,
    "status",
    "site",
    "role",
    "job-title",
    "item",
    "search",
    "within",
    *SPAN,
    "person",
)
Word = TypeVar("Word", bound=StrEnum)
Pieces = Generator[bytes, None, None]


def question() -> Question:
    """Return what the address asks."""
    within = request.args.get("within", default=SOON[-1], type=int)
    return Question(
        as_of=as_of_asked(),
        wanted=people_asked(),
        within=within if within in SOON else SOON[-1],
        since=usable_day(SINCE),
        until=usable_day(UNTIL),
        person_id=read_uuid(request.args.get("person", "")),
    )


def people_asked() -> PeopleFilter:
    """Return the filter in the address."""
    # What the framework's own dictionary does not have costs it an exception each.
    asked = request.args.to_dict()
    return PeopleFilter(
        status=read_word(Status, asked.get("status", "")),
        site_id=read_uuid(asked.get("site", "")),
        item=asked.get("item", ""),
        search=asked.get("search", "").strip(),
        role=read_word(Role, asked.get("role", "")),
        job_title_id=read_uuid(asked.get("job-title", "")),
    )


def refuse_wrong_days() -> None:
    """Do nothing, unless a day in the address cannot be used.

    Raises:
        DayRefused: saying why.
    """
    for words in wrong_days((*SPOKEN_OF, *SPAN)).values():
        raise DayRefused(words)


def kept() -> dict[str, str]:
    """Return what the address asks as it stands there, for links that ask the same of days that can be shown."""
    return kept_but_days() | days_asked()


def kept_but_days() -> dict[str, str]:
    """Return the same without the days that a report speaks of, for the form that asks for others."""
    asked = request.args.to_dict()
    return {name: asked[name] for name in FIELDS if asked.get(name) and name not in SPOKEN_OF}


def page_asked() -> int:
    """Return the number of the page that is asked for."""
    return request.args.get("page", default=1, type=int)


def read_word(kind: type[Word], text: str) -> Word | None:
    """Return one of some words, or None where the text is none of them."""
    return kind(text) if text and text in set(kind) else None


def read_uuid(text: str) -> uuid.UUID | None:
    """Return a UUID, or None where the text is not one."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def read_page(name: str, asked: Question, *, unexplained: frozenset[Status] = frozenset()) -> report_kinds.ReportPage:
    """Return the page of a report that the address asks for, without the reasons of lines of some statuses."""
    return report_kinds.read_page(
        current.database(),
        viewer=current.viewer(),
        catalog=current.catalog(),
        name=name,
        question=asked,
        now=current.now(),
        number=page_asked(),
        unexplained=unexplained,
    )


def is_long(wanted: Wanted) -> bool:
    """Say whether a file takes longer than somebody should wait for it."""
    asked = {"viewer": current.viewer(), "catalog": current.catalog(), "wanted": wanted, "now": current.now()}
    return report_orders.is_long(current.database(), **asked)


def ordered(wanted: Wanted) -> ResponseReturnValue:
    """Order a file, unless the very same is on its way, and lead to where it can be followed.

    Raises:
        DayRefused: when a day in the address cannot be used.
    """
    refuse_wrong_days()
    waiting = report_orders.find_waiting(current.database(), viewer=current.viewer(), wanted=wanted)
    if waiting is not None:
        return redirect(url_for("files.one", task_id=waiting), 303)
    return files.ordered(report_orders.order_of(wanted))


def download(name: str, form: str) -> Response:
    """Return the whole of a report as a file, which is written while it is sent.

    What refuses it does so before anything is sent, because the first piece is made here.

    Raises:
        DayRefused: when a day in the address cannot be used: a file must not speak of another day than was asked for.
    """
    refuse_wrong_days()
    pieces = encoded(name, form)
    first = next(pieces)
    noted = {"by": current.viewer(), "name": name, "question": question(), "form": form, "now": current.now()}
    report_kinds.note_export(current.database(), **noted)
    response = Response(chain([first], pieces), mimetype=FORMATS[form].type)
    response.call_on_close(pieces.close)
    file_name = f"{name}-{question().as_of.day.isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def encoded(name: str, form: str) -> Pieces:
    """Return the pieces of a report's file, in English whoever asks; the database stays open until the last is read."""
    asked = {
        "viewer": current.viewer(),
        "catalog": current.catalog(),
        "name": name,
        "question": question(),
        "now": current.now(),
    }
    return in_english(pieces_of(report_kinds.open_report(current.database(), **asked), form))


def pieces_of(opened: report_kinds.Opened, form: str) -> Pieces:
    """Yield the pieces of a file of a report, open until then."""
    with opened as report:
        yield from FORMATS[form].encode(report)
