"""An organisation to which a written history happens, through the services that people use."""

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.factories import PASSWORD, learn, sign_in
from tests.services.golden_history import BEGAN, HISTORY, ROLES
from training.domain.roles import Role
from training.services import (
    absences,
    employments,
    exemptions,
    invites,
    organisations,
    people,
    requirement_changes,
    requirements,
    revocations,
)
from training.services.people import NewPerson
from training.services.requirement_changes import Opened
from training.services.requirement_plans import Asked, Choice


class Golden:
    """The organisation, to which its history happens at the instants given in it."""

    def __init__(self, database, catalog) -> None:
        self.database, self.catalog, self.now = database, catalog, BEGAN
        token = organisations.add_organisation(
            database,
            slug="golden",
            name="Golden",
            manager_email="manager@golden.example",
            required={},
            time_zone="Europe/London",
            today=BEGAN.date(),
            now=BEGAN,
        )
        invites.accept_invite(database, token=token, password=PASSWORD, now=BEGAN)
        self.viewer = sign_in(database, "manager@golden.example", now=BEGAN)
        here = {"viewer": self.viewer, "now": BEGAN}
        self.sites = {name: organisations.add_site(database, name=name, **here) for name in ("North", "South")}
        self.titles = {
            name: organisations.add_job_title(database, name=name, role=role, **here) for name, role in ROLES.items()
        }
        self.people, self.asked, self.found = {}, {}, {}
        self.live()

    def live(self):
        """Let everything happen in the order of the instants at which it was recorded."""
        events = [(when, who, act, details) for who, lines in HISTORY.items() for when, act, *details in lines]
        for when, who, act, details in sorted(events, key=lambda event: datetime.fromisoformat(event[0])):
            at = datetime.fromisoformat(when).replace(tzinfo=UTC)
            self.now = at if "T" in when else at.replace(hour=9)
            getattr(self, act)(who, *details)

    @property
    def here(self):
        return {"viewer": self.viewer, "now": self.now}

    def require(self, _, item, titles, terms, due_days, starts_on="2024-01-01", *sites):
        asked = Asked(
            name=item,
            items=(item,),
            roles=tuple(ROLES[title] for title in titles),
            site_ids=tuple(self.sites[site] for site in sites),
            terms=terms,
            due_days=due_days,
            starts_on=date.fromisoformat(starts_on),
        )
        requirement_id = requirement_changes.add_requirement(
            self.database, asked=asked, catalog=self.catalog, **self.here
        )
        self.asked[item] = requirement_id, asked

    def change(self, _, item, terms, starts_on, reach, again_by=None):
        requirement_id, asked = self.asked[item]
        look = {"viewer": self.viewer, "catalog": self.catalog, "today": self.now.date()}
        page = requirements.show_requirement(self.database, requirement_id=requirement_id, **look)
        requirement_changes.change_requirement(
            self.database,
            opened=Opened(requirement_id, page.edition),
            asked=replace(asked, terms=terms, starts_on=date.fromisoformat(starts_on)),
            choice=Choice(reach, again_by and date.fromisoformat(again_by)),
            catalog=self.catalog,
            **self.here,
        )

    def join(self, who, title, site, starts_on):
        job = {"job_title_id": self.titles[title], "site_id": self.sites[site]}
        job["starts_on"] = date.fromisoformat(starts_on)
        if who in self.people:
            employments.add_job(self.database, person_id=self.people[who], **job, **self.here)
            return
        new = NewPerson(name=who, email="", staff_number="", **job)
        self.people[who] = people.add_person(self.database, new=new, **self.here)

    def job_of(self, who, site=None):
        with self.database.read(self.viewer.organisation_id) as session:
            jobs = people.find_contact(session, viewer=self.viewer, person_id=self.people[who]).jobs
        return next(job for job in jobs if job.ends_on is None and site in {None, job.site})

    def ends(self, who, site, last_on):
        job_id = self.job_of(who, site).id
        employments.end_job(self.database, job_id=job_id, ends_on=date.fromisoformat(last_on), **self.here)

    def moves(self, who, title, site, starts_on):
        employments.change_job(
            self.database,
            job_id=self.job_of(who).id,
            job_title_id=self.titles[title],
            site_id=self.sites[site],
            starts_on=date.fromisoformat(starts_on),
            **self.here,
        )

    def away(self, who, starts_on, ends_on):
        days = {"starts_on": date.fromisoformat(starts_on), "ends_on": ends_on and date.fromisoformat(ends_on)}
        self.found[who] = absences.add_absence(self.database, person_id=self.people[who], **days, **self.here)

    def back(self, who, ends_on):
        days = {"absence_id": self.found[who], "ends_on": date.fromisoformat(ends_on)}
        absences.end_absence(self.database, **days, **self.here)

    def exempt(self, who, item, starts_on, ends_on):
        self.found[who] = exemptions.add_exemption(
            self.database,
            catalog=self.catalog,
            person_id=self.people[who],
            item=item,
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on),
            who="Dr Shah",
            why="Has just been taught this elsewhere.",
            **self.here,
        )

    def exempt_until(self, who, ends_on):
        days = {"exemption_id": self.found[who], "ends_on": date.fromisoformat(ends_on)}
        exemptions.end_exemption(self.database, **days, **self.here)

    def passes(self, who, item):
        learner = replace(self.viewer, person_id=self.people[who], name=who, manages_all=False)
        role = {"Hal": Role.NON_PRESCRIBER, "Jon": Role.PRESCRIBER}.get(who, Role.SOCIAL_CARE)
        receipt = learn(self.database, learner, catalog=self.catalog, slug=item, role=role, now=self.now)
        assert receipt.passed
        self.found[who, item, self.now.date().isoformat()] = receipt.attempt_id

    def revoked(self, who, item, passed_on):
        attempt_id = self.found[who, item, passed_on]
        words = "Somebody else sat it."
        revocations.revoke(self.database, person_id=self.people[who], attempt_id=attempt_id, why=words, **self.here)
