"""The pages on which a manager changes a person's leave and exemptions, and revokes a pass."""

import uuid
from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from training.domain.days import ONE_DAY, format_day
from training.domain.language import N_, _
from training.services import absences, exemptions, organisations, revocations, timelines
from training.services.organisations import NotAllowed, NotFound
from training.services.revocations import AlreadyRevoked
from training.services.timelines import Recorded
from training.web import current
from training.web.people_changing import (
    Change,
    carry_out,
    days_of,
    is_sent,
    page,
    read_file,
    refusals_at_their_fields,
)
from training.web.people_forms import AbsenceDaysForm, AbsenceForm, ExemptionForm, LastDayForm, RevokeForm

pages = Blueprint("people_changes", __name__, url_prefix="/team/people/<uuid:person_id>")
EVERY_JOB = "every-job"
WITHDRAWN = N_("%(what)s. From now on it never was; the record still shows that it had been entered.")


def one_of(recorded: Sequence[Recorded], wanted: uuid.UUID) -> Recorded:
    """Return leave or an exemption that stands and that the viewer may change."""
    found = next((one for one in recorded if one.id == wanted), None)
    if found is None:
        raise NotFound(_("There is nothing like that on record."))
    if not found.may_change:
        raise NotAllowed(_("It is not yours to change."))
    return found


@pages.route("/absences", methods=["GET", "POST"])
def leave(person_id: uuid.UUID) -> ResponseReturnValue:
    """List leave, and add to it."""
    file, form = read_file(person_id), AbsenceForm()
    every = [SelectChoice(EVERY_JOB, _("Every job"))] if file.may_change_all else []
    form.site_id.choices = [
        *every,
        *(SelectChoice(str(one), _("Only the jobs at %(site)s", site=name)) for one, name in file.sites),
    ]
    if is_sent(form):
        with refusals_at_their_fields(form):
            return carry_out(new_leave(form, person_id), file=file, form=form)
    return page("people/absences.html", form=form, file=file)


def new_leave(form: AbsenceForm, person_id: uuid.UUID) -> Change:
    starts_on, ends_on = form.starts_on.day, form.ends_on.day
    act = partial(
        absences.add_absence,
        viewer=current.viewer(),
        person_id=person_id,
        starts_on=starts_on,
        ends_on=ends_on,
        site_id=None if form.site_id.data == EVERY_JOB else uuid.UUID(form.site_id.data),
        now=current.now(),
    )
    return Change(
        heading=_("Record this leave?"),
        says=_("Leave %(days)s.", days=timelines.days_in_words(starts_on, ends_on)),
        button=_("Record this leave"),
        done=_("Leave recorded."),
        act=act,
        days=days_of(starts_on, ends_on),
    )


@pages.route("/absences/<uuid:absence_id>", methods=["GET", "POST"])
def change_leave(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Put the days of leave right, or give it a last day."""
    file = read_file(person_id)
    row = one_of(file.absences, absence_id)
    until = format_day(row.ends_on) if row.ends_on else ""
    form = AbsenceDaysForm(data={"starts_on": format_day(row.starts_on), "ends_on": until})
    if is_sent(form):
        with refusals_at_their_fields(form):
            return carry_out(other_days(form, row), file=file, form=form)
    return page("people/change_absence.html", form=form, file=file, row=row)


def other_days(form: AbsenceDaysForm, row: Recorded) -> Change:
    days = {"starts_on": form.starts_on.day, "ends_on": form.ends_on.day}
    act = partial(absences.change_absence, viewer=current.viewer(), absence_id=row.id, now=current.now(), **days)
    return Change(
        heading=_("Change these days of leave?"),
        says=_("It was %(before)s. It becomes %(after)s.", before=row.days, after=timelines.days_in_words(**days)),
        button=_("Change these days"),
        done=_("The days are changed."),
        act=act,
        days=(*days_of(row.starts_on, row.ends_on), *days_of(**days)),
    )


@pages.route("/absences/<uuid:absence_id>/withdraw", methods=["GET", "POST"])
def withdraw_leave(person_id: uuid.UUID, absence_id: uuid.UUID) -> ResponseReturnValue:
    file = read_file(person_id)
    row = one_of(file.absences, absence_id)
    act = partial(absences.withdraw_absence, viewer=current.viewer(), absence_id=row.id, now=current.now())
    change = Change(
        heading=_("Withdraw this leave?"),
        says=_(WITHDRAWN, what=f"{row.title}, {row.days}"),
        button=_("Withdraw this leave"),
        done=_("Leave withdrawn."),
        act=act,
        days=days_of(row.starts_on, row.ends_on),
    )
    return carry_out(change, file=file)


@pages.route("/exemptions", methods=["GET", "POST"])
def exempt(person_id: uuid.UUID) -> ResponseReturnValue:
    """List exemptions, and add to them."""
    file, form = read_file(person_id), ExemptionForm()
    form.item.choices = [SelectChoice("", _("Choose a training")), *(SelectChoice(*one) for one in file.items)]
    if is_sent(form):
        with refusals_at_their_fields(form):
            return carry_out(new_exemption(form, person_id), file=file, form=form)
    return page("people/exemptions.html", form=form, file=file)


def new_exemption(form: ExemptionForm, person_id: uuid.UUID) -> Change:
    starts_on, ends_on = form.starts_on.day, form.ends_on.day
    act = partial(
        exemptions.add_exemption,
        viewer=current.viewer(),
        catalog=current.catalog(),
        person_id=person_id,
        item=form.item.data,
        starts_on=starts_on,
        ends_on=ends_on,
        who=form.who.data or "",
        why=form.why.data or "",
        now=current.now(),
    )
    says = f"{current.catalog().title(form.item.data)}, {timelines.days_in_words(starts_on, ends_on)}."
    return Change(
        heading=_("Record this exemption?"),
        says=says,
        button=_("Record this exemption"),
        done=_("Exemption recorded."),
        act=act,
        days=days_of(starts_on, ends_on),
    )


@pages.route("/exemptions/<uuid:exemption_id>/end", methods=["GET", "POST"])
def end_exemption(person_id: uuid.UUID, exemption_id: uuid.UUID) -> ResponseReturnValue:
    """Give an exemption another last day."""
    file = read_file(person_id)
    row = one_of(file.exemptions, exemption_id)
    form = LastDayForm(data={"ends_on": format_day(row.ends_on) if row.ends_on else ""})
    if is_sent(form):
        with refusals_at_their_fields(form):
            return carry_out(other_last_day(form, row), file=file, form=form)
    return page("people/end_exemption.html", form=form, file=file, row=row)


def other_last_day(form: LastDayForm, row: Recorded) -> Change:
    ends_on = form.ends_on.day
    act = partial(
        exemptions.end_exemption, viewer=current.viewer(), exemption_id=row.id, ends_on=ends_on, now=current.now()
    )
    after = timelines.days_in_words(row.starts_on, ends_on)
    return Change(
        heading=_("Change its last day?"),
        says=_("%(what)s: it was %(before)s. It becomes %(after)s.", what=row.title, before=row.days, after=after),
        button=_("Change the last day"),
        done=_("The last day is changed."),
        act=act,
        days=(*days_of(row.starts_on, row.ends_on), ends_on + ONE_DAY),
    )


@pages.route("/exemptions/<uuid:exemption_id>/withdraw", methods=["GET", "POST"])
def withdraw_exemption(person_id: uuid.UUID, exemption_id: uuid.UUID) -> ResponseReturnValue:
    file = read_file(person_id)
    row = one_of(file.exemptions, exemption_id)
    act = partial(exemptions.withdraw_exemption, viewer=current.viewer(), exemption_id=row.id, now=current.now())
    change = Change(
        heading=_("Withdraw this exemption?"),
        says=_(WITHDRAWN, what=f"{row.title}, {row.days}"),
        button=_("Withdraw this exemption"),
        done=_("Exemption withdrawn."),
        act=act,
        days=days_of(row.starts_on, row.ends_on),
    )
    return carry_out(change, file=file)


@pages.route("/passes/<uuid:attempt_id>/revoke", methods=["GET", "POST"])
def revoke(person_id: uuid.UUID, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Show what revoking a pass would do, ask why, and do it."""
    organisations.refuse_unless_all(current.viewer())
    file, form = read_file(person_id), RevokeForm()
    known = {"viewer": current.viewer(), "person_id": person_id, "attempt_id": attempt_id, "now": current.now()}
    try:
        if is_sent(form):
            with refusals_at_their_fields(form):
                revocations.revoke(current.database(), why=form.why.data or "", **known)
                flash(_("The pass is revoked."))
                return redirect(url_for("team.person", person_id=person_id))
        effect = revocations.preview_revocation(current.database(), catalog=current.catalog(), **known)
    except AlreadyRevoked as refusal:
        return render_template("people/revoked_already.html", contact=file.contact, words=str(refusal)), 409
    shown = next(one for one in effect.passes if one.attempt_id == attempt_id)
    return page("people/revoke.html", form=form, file=file, effect=effect, shown=shown)
