"""The carer track without an account: marked at once, kept on the reader's device, and nowhere else."""

import json
from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain import scoring
from training.domain.language import _
from training.domain.module import Card, Module, Question
from training.domain.names import NameRefused
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered, Verdict
from training.services import carers, throttles
from training.services.carers import SignInNameRefused
from training.services.invites import SignInNameTaken
from training.services.organisations import NotFound
from training.services.passwords import PasswordTooWeak
from training.services.throttles import TooManyTries
from training.web import current, errors, reading
from training.web.account import begin_session
from training.web.answers import read_answer, read_menus
from training.web.forms import CarerForm
from training.web.kept import read_answers, read_kept

pages = Blueprint("carers", __name__, url_prefix="/carers")
ROLE = Role.FAMILY_CARER
CARD = "/modules/<slug>/cards/<int:number>"


def find(slug: str, kind: str) -> Module | Scenario:
    """Return an item of the carer track in its reader's words.

    Raises:
        NotFound: when there is none, or it is for other roles.
    """
    item = current.catalog().find(slug)
    if item is None or item.kind != kind or ROLE not in item.roles:
        raise NotFound(_("There is no such item for family carers."))
    return reading.item(item)


@pages.get("")
def track() -> ResponseReturnValue:
    catalog = current.catalog()
    shown = catalog.tracks[ROLE]
    core, further = (reading.items(map(catalog.item, slugs)) for slugs in (shown.core, shown.further))
    return render_template("carers/track.html", track=shown, core=core, further=further)


@pages.get("/<any(module, scenario):kind>s/<slug>")
def item(kind: str, slug: str) -> ResponseReturnValue:
    return render_template("carers/item.html", item=find(slug, kind), twin=current.catalog().easy_reads.get(slug))


@pages.get(CARD)
def card(slug: str, number: int) -> ResponseReturnValue:
    return card_page(find(slug, "module"), number=number)


def card_page(
    module: Module,
    *,
    number: int,
    answered: Mapping[str, Verdict] | None = None,
    missing: str = "",
    menus: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """Return the page of a card with what was answered on it just now."""
    cards = module.cards[ROLE]
    if not 1 <= number <= len(cards):
        return errors.page(404)
    page = render_template(
        "carers/card.html",
        module=module,
        card=cards[number - 1],
        number=number,
        cards=cards,
        answered=answered or {},
        missing=missing,
        menus=menus or {},
    )
    return page, 400 if missing else 200


@pages.post(CARD)
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Mark one answer and keep nothing; with script only the question is sent back."""
    module = find(slug, "module")
    try:
        question = scoring.find_question(module, role=ROLE, question_id=request.form.get("question", ""))
        given = read_answer(request.form, question)
        before = on_card(module.cards[ROLE], number=number, without=question)
        if not given:
            menus = read_menus(request.form, question)
            return card_page(module, number=number, answered=before, missing=question.id, menus=menus)
        verdict = scoring.mark_question(question, given)
    except AnswerUnknown:
        return errors.page(400, words=_("That card asks no such thing. Go back and answer again."))
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template("carers/question.html", module=module, question=question, verdict=verdict, number=number)
    return card_page(module, number=number, answered={**before, question.id: verdict})


def on_card(cards: tuple[Card, ...], *, number: int, without: Question) -> dict[str, Verdict]:
    """Return the verdicts on the other questions of a card, whose answers the page carries along."""
    given = read_answers(request.form.get("before", ""))
    others = cards[number - 1].questions if 1 <= number <= len(cards) else ()
    return {
        question.id: scoring.mark_question(question, given[question.id])
        for question in others
        if question.id in given and question.id != without.id
    }


@pages.get("/modules/<slug>/finish")
def finish(slug: str) -> ResponseReturnValue:
    return render_template("carers/finish.html", module=find(slug, "module"))


@pages.post("/modules/<slug>/finish")
def result(slug: str) -> ResponseReturnValue:
    """Mark everything that the device kept of a module; nothing is stored."""
    module = find(slug, "module")
    given = read_answers(request.form.get("answers", ""))
    try:
        mark = scoring.mark(module, role=ROLE, answers=given)
    except AnswerUnknown:
        words = _("These answers do not fit this module, which may have changed. Begin it again.")
        return errors.page(400, words=words)
    if mark.unanswered:
        cards = enumerate(module.cards[ROLE], start=1)
        open_ones = [(number, one) for number, one in cards if {q.id for q in one.questions} & set(mark.unanswered)]
        return render_template("carers/finish.html", module=module, open=open_ones), 400
    wrong = [
        (question, scoring.mark_question(question, given[question.id]))
        for question in module.questions(ROLE)
        if question.id in mark.wrong
    ]
    return render_template("carers/result.html", item=module, mark=mark, wrong=wrong, answers=json.dumps(given))


@pages.get("/scenarios/<slug>/play")
def scene(slug: str) -> ResponseReturnValue:
    """Show where the choices in the address lead; every choice is a link that adds itself to it."""
    scenario, way = find(slug, "scenario"), request.args.getlist("way")
    try:
        walk = scoring.walk(scenario, way)
    except ChoiceNotOffered:
        words = _("The story has changed, or the address was cut short. Begin the story again.")
        return errors.page(400, words=words)
    return render_template(
        "carers/scene.html",
        scenario=scenario,
        walk=walk,
        way=way,
        mark=scoring.mark_scenario(scenario, way),
        answers=json.dumps({"choices": way}),
    )


@pages.route("/account", methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """Make an account that keeps what this device has; whoever is signed in adds it to the one they have."""
    form = CarerForm()
    if current_user.is_authenticated:
        return add_to_record() if request.method == "POST" else render_template("carers/add.html")
    if request.method != "POST":
        return render_template("carers/account.html", form=form)
    try:
        if form.validate():
            open_account(form)
            return add_to_record()
    except TooManyTries as refusal:
        return errors.page(429, words=str(refusal))
    except NameRefused as refusal:
        form.name.errors = [str(refusal)]
    except (SignInNameRefused, SignInNameTaken) as refusal:
        form.sign_in_name.errors = [str(refusal)]
    except PasswordTooWeak as refusal:
        form.password.errors = [str(refusal)]
    return render_template("carers/account.html", form=form), 400


def open_account(form: CarerForm) -> None:
    """Make the account that a form asks for and sign its owner in."""
    database, now, keys = current.database(), current.now(), [f"new account client {request.remote_addr}"]
    throttles.check(database, keys=keys, now=now)
    token = carers.open_account(
        database, name=form.name.data, sign_in_name=form.sign_in_name.data, password=form.password.data, now=now
    )
    throttles.count(database, keys=keys, now=now)
    begin_session(token)


def add_to_record() -> ResponseReturnValue:
    """Put what the device kept on the record of whoever is signed in, and say what came of it."""
    viewer, now = current.viewer(), current.now()
    sent = read_kept(request.form.get("progress", ""), now=now)
    taken = carers.take_over(current.database(), viewer=viewer, sent=sent, now=now)
    return render_template("carers/added.html", taken=taken, viewer=viewer)
