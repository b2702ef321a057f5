"""The pages on which a manager adds a job to one person, lets it become another, ends it, or puts its days right."""

import uuid
from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from training.domain.days import format_day
from training.domain.language import N_, _
from training.services import employments, organisations, timelines
from training.services.organisations import NotAllowed, NotFound
from training.services.people import Job
from training.services.timelines import PersonFile
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
from training.web.people_forms import FirstDayForm, JobForm, LastDayForm

pages = Blueprint("people_jobs", __name__, url_prefix="/team/people/<uuid:person_id>")


def own_job(file: PersonFile, job_id: uuid.UUID) -> Job:
    """Return a job of the person's that the viewer may change."""
    job = next((job for job in file.contact.jobs if job.id == job_id), None)
    if job is None:
        raise NotFound(_("There is no such job."))
    if job.site_id not in dict(file.sites):
        raise NotAllowed(_("It is at a site that you do not manage."))
    return job


def job_form(job: Job | None = None) -> JobForm:
    """Return the form of a job, as it is where one is given, with the titles and sites to choose from."""
    chosen = {"job_title_id": str(job.job_title_id), "site_id": str(job.site_id)} if job else {}
    database, viewer, form = current.database(), current.viewer(), JobForm(data=chosen)
    titles = organisations.list_job_titles(database, viewer=viewer)
    form.job_title_id.choices = [SelectChoice(str(title.id), f"{title.name} ({title.role.label})") for title in titles]
    form.site_id.choices = [
        SelectChoice(str(site.id), site.name) for site in organisations.list_sites(database, viewer=viewer)
    ]
    return form


def asked_of(form: JobForm) -> dict:
    """Return what a job's form asks for."""
    return {
        "job_title_id": uuid.UUID(form.job_title_id.data),
        "site_id": uuid.UUID(form.site_id.data),
        "starts_on": form.starts_on.day,
    }


@pages.route("/jobs", methods=["GET", "POST"])
def jobs(person_id: uuid.UUID) -> ResponseReturnValue:
    """List a person's jobs, and add another."""
    file, form = read_file(person_id), job_form()
    if is_sent(form):
        change = Change(
            heading=_("Add this job?"),
            says=_(
                "It begins on %(day)s, beside or after the jobs that they have.", day=format_day(form.starts_on.day)
            ),
            button=_("Add this job"),
            done=_("The job is added."),
            act=partial(
                employments.add_job,
                viewer=current.viewer(),
                person_id=person_id,
                now=current.now(),
                **asked_of(form),
            ),
            days=days_of(form.starts_on.day, None),
        )
        with refusals_at_their_fields(form):
            return carry_out(change, file=file, form=form)
    return page("people/jobs.html", form=form, file=file)


@pages.route("/jobs/<uuid:job_id>/change", methods=["GET", "POST"])
def change_job(person_id: uuid.UUID, job_id: uuid.UUID) -> ResponseReturnValue:
    """Let a job become another from a day."""
    file = read_file(person_id)
    job = own_job(file, job_id)
    form = job_form(job)
    if is_sent(form):
        change = Change(
            heading=_("Change this job?"),
            says=_(
                "%(job)s: it ends the day before %(day)s.",
                job=f"{job.job_title}, {job.site}",
                day=format_day(form.starts_on.day),
            ),
            button=_("Change this job"),
            done=_("The job is changed."),
            act=partial(
                employments.change_job, viewer=current.viewer(), job_id=job.id, now=current.now(), **asked_of(form)
            ),
            days=days_of(form.starts_on.day, job.ends_on),
        )
        with refusals_at_their_fields(form):
            return carry_out(change, file=file, form=form)
    return page("people/change_job.html", form=form, file=file, job=job)


@pages.route("/jobs/<uuid:job_id>/end", methods=["GET", "POST"])
def end_job(person_id: uuid.UUID, job_id: uuid.UUID) -> ResponseReturnValue:
    """Record the last day of a job."""
    file = read_file(person_id)
    job = own_job(file, job_id)
    form = LastDayForm(data={"ends_on": format_day(job.ends_on) if job.ends_on else ""})
    if is_sent(form):
        ends_on = form.ends_on.day
        act = partial(employments.end_job, viewer=current.viewer(), job_id=job.id, ends_on=ends_on, now=current.now())
        change = Change(
            heading=_("Record this last day?"),
            says=f"{job.job_title}, {job.site}, {timelines.days_in_words(job.starts_on, ends_on)}.",
            button=_("Record the last day"),
            done=_("The last day is recorded."),
            act=act,
            days=days_of(ends_on, ends_on) + days_of(job.starts_on, job.ends_on),
        )
        with refusals_at_their_fields(form):
            return carry_out(change, file=file, form=form)
    return page("people/end_job.html", form=form, file=file, job=job)


@pages.route("/jobs/<uuid:job_id>/correct", methods=["GET", "POST"])
def correct_job(person_id: uuid.UUID, job_id: uuid.UUID) -> ResponseReturnValue:
    """Put the first day of a job right."""
    file = read_file(person_id)
    job = own_job(file, job_id)
    form = FirstDayForm(data={"starts_on": format_day(job.starts_on)})
    if is_sent(form):
        starts_on = form.starts_on.day
        act = partial(
            employments.correct_job, viewer=current.viewer(), job_id=job.id, starts_on=starts_on, now=current.now()
        )
        was, becomes = format_day(job.starts_on), format_day(starts_on)
        words = N_("%(job)s: the first day was %(before)s. It becomes %(after)s.")
        change = Change(
            heading=_("Put the first day right?"),
            says=_(words, job=f"{job.job_title}, {job.site}", before=was, after=becomes),
            button=_("Put the first day right"),
            done=_("The first day is put right."),
            act=act,
            days=(job.starts_on, starts_on),
        )
        with refusals_at_their_fields(form):
            return carry_out(change, file=file, form=form)
    return page("people/correct_job.html", form=form, file=file, job=job)
