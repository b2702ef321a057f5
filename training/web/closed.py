"""What a shared tablet answers in place of a page that is closed on one, and to what was sent once it had locked."""

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain.days import day_in
from training.domain.language import N_, _
from training.services import tablets
from training.services.organisations import NotFound
from training.services.tablets import Device
from training.web import current, errors, held, shared, tablet_forms

# A new page is closed on shared tablets until it is here: nothing but one's own learning belongs there.
OPEN = frozenset(
    {
        "static",
        "account.sign_out",
        "learn.go_on",
        "learn.home",
        "learn.item",
        "learn.start",
        "learn.track",
        "library.easy_read",
        "library.easy_reads",
        "library.glossary",
        "library.resources",
        "mine.settings",
        "module.answer",
        "module.card",
        "module.finish",
        "module.send",
        "module.why",
        "pins.own",
        "preferences.choose",
        "public.accessibility",
        "public.check",
        "public.check_code",
        "public.livez",
        "public.picture",
        "public.privacy",
        "public.readyz",
        "record.certificate",
        "record.record",
        "record.result",
        "scenario.choose",
        "scenario.send",
        "scenario.scene",
        "sheets.every",
        "sheets.pdf",
        "sheets.sheet",
        "tablet.enter",
        "tablet.names",
        "tablet.slip",
        "tablet.stay",
        "tablet.switch",
    }
)


NOT_HERE = N_(
    "A shared tablet is for your own learning. For anything else, sign in on a phone or computer of your own."
)


def refuse() -> ResponseReturnValue | None:
    """Answer in place of a page that is closed on the shared tablet which the browser is; None lets it through."""
    if request.endpoint in OPEN or shared.device() is None:
        return None
    if request.endpoint in {"public.front", "account.sign_in"}:
        return redirect(url_for("learn.home" if current_user.is_authenticated else "tablet.names"))
    if current_user.is_authenticated:
        return errors.page(403, heading=_("Not on a shared tablet"), words=_(NOT_HERE))
    flash(_("That page is not open on a shared tablet. Pick your name to learn."))
    return redirect(url_for("tablet.names"))


def ask_for_pin(device: Device) -> ResponseReturnValue:
    """Ask for a PIN in place of a password; what was sent waits for whoever sent it, and for nobody else."""
    token = session.get("_user_id", "")
    person_id = tablets.whose_session(current.database(), device=device, token=token) if token else None
    if request.method != "POST" or request.endpoint == "account.sign_out" or person_id is None:
        return redirect(url_for("tablet.names"))
    try:
        today = day_in(current.now(), device.time_zone)
        person = tablets.show_person(current.database(), device=device, person_id=person_id, today=today)
    except NotFound:
        return redirect(url_for("tablet.names"))
    return tablet_forms.pin_page(person, held_text=held.hold(whose=str(person_id))), 401
