"""The table of who gets which answer from every route, and the addresses to ask."""

import re
import uuid
from collections.abc import Iterator, Mapping

from flask import Flask

PEOPLE = ("nobody", "learner", "site manager", "manager", "other manager", "auditor", "site auditor")
UNSEEN = {"HEAD", "OPTIONS"}

# One line for each route and method: the answer to nobody, a learner, the manager of one site, the manager of the
# organisation, the manager of another organisation, an auditor of the organisation, and an auditor of that one site.
# Ids are those of the learner, who works at the managed site; the permission is somebody else's.
# A form sent empty by somebody who may send it is refused in words: 400; one that only confirms is asked again: 200.
TABLE = """
GET    /                                          200 302 302 302 302 302 302
GET    /static/<path:filename>                    200 200 200 200 200 200 200
GET    /accessibility                             200 200 200 200 200 200 200
GET    /privacy                                   200 200 200 200 200 200 200
GET    /resources                                 200 200 200 200 200 200 200
GET    /glossary                                  200 200 200 200 200 200 200
GET    /sheets                                    200 200 200 200 200 200 200
GET    /sheets/<slug>                             404 404 404 404 404 404 404
GET    /sheets/<slug>.pdf                         404 404 404 404 404 404 404
GET    /easy-read                                 200 200 200 200 200 200 200
GET    /easy-read/<slug>                          200 200 200 200 200 200 200
GET    /sw.js                                     200 200 200 200 200 200 200
GET    /offline                                   200 200 200 200 200 200 200
GET    /offline/me                                401 200 200 200 200 200 200
GET    /offline/items/<content_hash>/<role>       401 404 404 404 404 404 404
GET    /team/hand-carried                         302 403 200 200 200 403 403
POST   /team/hand-carried                         401 403 400 400 400 403 403
POST   /offline/attempts                          401 400 400 400 400 400 400
GET    /livez                                     200 200 200 200 200 200 200
GET    /readyz                                    200 200 200 200 200 200 200
GET    /pictures/<any(modules,scenarios,easy-read):folder>/<name>  404 404 404 404 404 404 404
GET    /check                                     200 200 200 200 200 200 200
GET    /check/<code>                              200 200 200 200 200 200 200
GET    /join/<token>                              200 200 200 200 200 200 200
GET    /sign-in                                   200 302 302 302 302 302 302
POST   /sign-in                                   400 400 400 400 400 400 400
GET    /carers                                    200 200 200 200 200 200 200
GET    /carers/modules/<slug>                     200 200 200 200 200 200 200
GET    /carers/scenarios/<slug>                   200 200 200 200 200 200 200
GET    /carers/modules/<slug>/cards/<int:number>  200 200 200 200 200 200 200
POST   /carers/modules/<slug>/cards/<int:number>  400 400 400 400 400 400 400
GET    /carers/modules/<slug>/finish              200 200 200 200 200 200 200
POST   /carers/modules/<slug>/finish              400 400 400 400 400 400 400
GET    /carers/scenarios/<slug>/play              200 200 200 200 200 200 200
GET    /carers/account                            200 200 200 200 200 200 200
POST   /carers/account                            400 200 200 200 200 200 200
GET    /tablet                                    404 404 404 404 404 404 404
GET    /tablet/people/<uuid:person_id>            404 404 404 404 404 404 404
POST   /tablet/people/<uuid:person_id>            404 404 404 404 404 404 404
GET    /tablet/people/<uuid:person_id>/slip       404 404 404 404 404 404 404
POST   /tablet/people/<uuid:person_id>/slip       404 404 404 404 404 404 404
POST   /tablet/switch                             404 404 404 404 404 404 404
POST   /tablet/stay                               401 404 404 404 404 404 404
GET    /pin                                       302 200 200 200 200 200 200
POST   /pin                                       401 400 400 400 400 400 400
GET    /team/tablets                              302 403 200 200 200 200 200
GET    /team/tablets/new                          302 403 200 200 200 403 403
POST   /team/tablets/new                          401 403 400 400 400 403 403
GET    /team/tablets/<uuid:tablet_id>/end         302 403 403 200 404 403 403
POST   /team/tablets/<uuid:tablet_id>/end         401 403 403 302 404 403 403
GET    /team/people/<uuid:person_id>/pin          302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/pin          401 403 302 302 404 403 403
GET    /places                                    302 200 200 200 200 200 200
POST   /places                                    401 404 404 404 404 404 404
GET    /home                                      302 200 200 200 200 200 200
GET    /tracks/<role>                             302 200 200 200 200 200 200
GET    /modules/<slug>                            302 200 200 200 200 200 200
GET    /scenarios/<slug>                          302 200 200 200 200 200 200
GET    /modules/<slug>/go-on                      302 302 302 302 302 302 302
GET    /scenarios/<slug>/go-on                    302 302 302 302 302 302 302
GET    /modules/<slug>/cards/<int:number>         302 302 302 302 302 302 302
GET    /modules/<slug>/why                        302 302 302 302 302 302 302
GET    /modules/<slug>/finish                     302 302 302 302 302 302 302
GET    /scenarios/<slug>/play                     302 302 302 302 302 302 302
POST   /modules/<slug>/start                      401 400 400 400 400 400 400
POST   /scenarios/<slug>/start                    401 400 400 400 400 400 400
POST   /modules/<slug>/cards/<int:number>         401 400 400 400 400 400 400
POST   /modules/<slug>/finish                     401 400 400 400 400 400 400
POST   /scenarios/<slug>/finish                   401 400 400 400 400 400 400
POST   /scenarios/<slug>/play                     401 400 400 400 400 400 400
GET    /record                                    302 200 200 200 200 200 200
GET    /record/<uuid:attempt_id>                  302 200 404 404 404 404 404
GET    /record/<uuid:attempt_id>/certificate.pdf  302 200 404 404 404 404 404
GET    /settings                                  302 200 200 200 200 200 200
GET    /settings/looks                            200 302 302 302 302 302 302
POST   /settings/looks                            400 400 400 400 400 400 400
POST   /settings/reminders                        401 404 404 404 404 404 404
POST   /settings/reminders/seen                   401 200 200 200 200 200 200
POST   /settings/reminders/<uuid:phone_id>/stop   401 302 404 404 404 404 404
POST   /settings/reminders/news                   401 302 302 302 302 302 302
GET    /team                                      302 403 200 200 200 200 200
GET    /team/overview.csv                         302 403 200 200 200 200 200
GET    /team/people                               302 403 200 200 200 200 200
GET    /reports/files                             302 403 200 200 200 200 200
GET    /reports/files/<uuid:task_id>              302 403 404 200 404 404 404
GET    /reports/files/<uuid:task_id>/file         302 403 404 404 404 404 404
GET    /reports/schedules                         302 403 200 200 200 200 200
GET    /reports/schedules/new/<report_name>       302 403 200 200 200 200 200
POST   /reports/schedules/new/<report_name>       401 403 400 400 400 400 400
GET    /reports/schedules/<uuid:schedule_id>/end  302 403 404 200 404 404 404
POST   /reports/schedules/<uuid:schedule_id>/end  401 403 404 302 404 404 404
GET    /team/people.csv                           302 403 200 200 200 200 200
GET    /reports                                   302 403 200 200 200 200 200
GET    /reports/asc-wds                           302 403 200 200 200 200 200
GET    /reports/asc-wds/file                      302 403 409 409 409 409 409
GET    /reports/asc-wds/workplaces                302 403 200 200 200 403 403
POST   /reports/asc-wds/workplaces                401 403 302 302 302 403 403
GET    /reports/asc-wds/workers/<uuid:person_id>  302 403 200 200 404 403 403
POST   /reports/asc-wds/workers/<uuid:person_id>  401 403 302 302 404 403 403
GET    /reports/asc-wds/training                  302 403 403 200 200 403 403
POST   /reports/asc-wds/training                  401 403 403 302 302 403 403
GET    /reports/asc-wds/layout                    302 403 403 200 200 403 403
POST   /reports/asc-wds/layout                    401 403 403 400 400 403 403
GET    /reports/esr                               302 403 200 200 200 200 200
GET    /reports/esr/new                           302 403 403 200 200 403 403
POST   /reports/esr/new                           401 403 403 400 400 403 403
GET    /reports/esr/<uuid:mapping_id>             302 403 200 200 404 200 200
GET    /reports/esr/<uuid:mapping_id>/file        302 403 200 200 404 200 200
GET    /team/import/esr                           302 403 200 200 200 403 403
POST   /team/import/esr                           401 403 400 400 400 403 403
GET    /reports/esr/<uuid:mapping_id>/change      302 403 403 200 404 403 403
POST   /reports/esr/<uuid:mapping_id>/change      401 403 403 400 404 403 403
GET    /reports/esr/<uuid:mapping_id>/remove      302 403 403 200 404 403 403
POST   /reports/esr/<uuid:mapping_id>/remove      401 403 403 302 404 403 403
GET    /reports/<report_name>                     302 403 200 200 200 200 200
GET    /reports/<report_name>.<form>              302 403 200 200 200 200 200
GET    /team/people/<uuid:person_id>              302 403 200 200 404 200 200
POST   /team/people/<uuid:person_id>/link         401 403 200 200 404 403 403
GET    /team/people/<uuid:person_id>/absences     302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/absences     401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/exemptions   302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/exemptions   401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/jobs         302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/jobs         401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/absences/<uuid:absence_id> 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/absences/<uuid:absence_id> 401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/exemptions/<uuid:exemption_id>/end 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/exemptions/<uuid:exemption_id>/end 401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/jobs/<uuid:job_id>/change 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/jobs/<uuid:job_id>/change 401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/jobs/<uuid:job_id>/end 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/jobs/<uuid:job_id>/end 401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/jobs/<uuid:job_id>/correct 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/jobs/<uuid:job_id>/correct 401 403 400 400 404 403 403
GET    /team/people/<uuid:person_id>/absences/<uuid:absence_id>/withdraw 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/absences/<uuid:absence_id>/withdraw 401 403 200 200 404 403 403
GET    /team/people/<uuid:person_id>/exemptions/<uuid:exemption_id>/withdraw 302 403 200 200 404 403 403
POST   /team/people/<uuid:person_id>/exemptions/<uuid:exemption_id>/withdraw 401 403 200 200 404 403 403
GET    /team/people/<uuid:person_id>/passes/<uuid:attempt_id>/revoke 302 403 403 200 404 403 403
POST   /team/people/<uuid:person_id>/passes/<uuid:attempt_id>/revoke 401 403 403 400 404 403 403
GET    /team/people/new                           302 403 200 200 200 403 403
POST   /team/people/new                           401 403 400 400 400 403 403
GET    /team/import                               302 403 200 200 200 403 403
GET    /team/import/people                        302 403 200 200 200 403 403
POST   /team/import/people                        401 403 400 400 400 403 403
GET    /team/import/completions                   302 403 200 200 200 403 403
POST   /team/import/completions                   401 403 400 400 400 403 403
GET    /team/import/templates/<name>              302 403 404 404 404 403 403
GET    /team/import/<uuid:import_id>              302 403 404 200 404 403 403
POST   /team/import/<uuid:import_id>/choices      401 403 404 400 404 403 403
POST   /team/import/<uuid:import_id>/apply        401 403 404 409 404 403 403
GET    /team/import/<uuid:import_id>/undo         302 403 404 200 404 403 403
POST   /team/import/<uuid:import_id>/undo         401 403 404 302 404 403 403
GET    /team/import/<uuid:import_id>/faults.csv   302 403 404 200 404 403 403
GET    /team/sites                                302 403 200 200 200 200 200
POST   /team/sites                                401 403 403 400 400 403 403
GET    /team/job-titles                           302 403 200 200 200 200 200
POST   /team/job-titles                           401 403 403 400 400 403 403
GET    /team/requirements                         302 403 200 200 200 200 200
GET    /team/requirements/new                     302 403 403 200 200 403 403
POST   /team/requirements/new                     401 403 403 400 400 403 403
GET    /team/requirements/<uuid:requirement_id>   302 403 200 200 404 200 200
GET    /team/requirements/<uuid:requirement_id>/change  302 403 403 200 404 403 403
POST   /team/requirements/<uuid:requirement_id>/change  401 403 403 400 404 403 403
GET    /team/requirements/<uuid:requirement_id>/retire  302 403 403 200 404 403 403
POST   /team/requirements/<uuid:requirement_id>/retire  401 403 403 400 404 403 403
GET    /team/requirements/versions/<slug>         302 403 403 404 404 403 403
POST   /team/requirements/versions/<slug>         401 403 403 404 404 403 403
GET    /team/settings                             302 403 403 200 200 403 403
POST   /team/settings                             401 403 403 400 400 403 403
POST   /team/settings/long-leave                  401 403 403 400 400 403 403
GET    /team/messages                             302 403 200 200 200 200 200
POST   /team/messages                             401 403 403 400 400 403 403
GET    /team/messages/unreached                   302 403 200 200 200 200 200
POST   /team/messages/approve                     401 403 403 404 404 403 403
POST   /team/messages/again                       401 403 404 404 404 403 403
GET    /team/permissions                          302 403 403 200 200 200 403
GET    /team/permissions/outside                  302 403 403 200 200 403 403
POST   /team/permissions/outside                  401 403 403 400 400 403 403
GET    /team/people/<uuid:person_id>/permissions  302 403 403 200 404 403 403
POST   /team/people/<uuid:person_id>/permissions  401 403 403 400 404 403 403
GET    /team/permissions/<uuid:permission_id>/take  302 403 403 200 404 403 403
POST   /team/permissions/<uuid:permission_id>/take  401 403 403 302 404 403 403
GET    /team/audit-log                            302 403 200 200 200 200 200
GET    /team/audit-log.<form>                     302 403 200 200 200 200 200
GET    /team/trend                                302 403 200 200 200 200 200
GET    /team/filters                              302 403 200 200 200 200 200
POST   /team/filters                              401 403 400 400 400 400 400
GET    /team/filters/<uuid:filter_id>             302 403 404 404 404 404 404
POST   /team/filters/<uuid:filter_id>/remove      401 403 404 404 404 404 404
GET    /unsubscribe/<token>                       404 404 404 404 404 404 404
POST   /unsubscribe/<token>                       404 404 404 404 404 404 404
GET    /team/receipts                             302 403 200 200 200 200 200
GET    /team/content                              302 403 200 200 200 200 200
GET    /team/content/<slug>                       302 403 200 200 200 200 200
POST   /team/content/<slug>                       401 403 403 400 400 403 403
POST   /team/content/<slug>/withdraw              401 403 403 400 400 403 403
POST   /join/<token>/passkey/challenge            200 200 200 200 200 200 200
POST   /join/<token>/passkey                      400 400 400 400 400 400 400
POST   /join/<token>                              400 404 404 404 302 404 404
GET    /reports/pack                              302 403 200 200 200 200 200
POST   /reports/pack                              401 403 400 400 400 400 400
GET    /reports/pack/<uuid:pack_id>               302 403 404 200 404 404 404
POST   /reports/pack/<uuid:pack_id>/links         401 403 404 400 404 403 403
POST   /reports/pack/links/<uuid:link_id>/end     401 403 404 404 404 403 403
GET    /packs/<token>                             404 404 404 404 404 404 404
GET    /packs/<token>/file                        404 404 404 404 404 404 404
GET    /join                                      200 200 200 200 200 200 200
POST   /join                                      400 400 400 400 400 400 400
POST   /sign-in/passkey/challenge                 200 200 200 200 200 200 200
POST   /sign-in/passkey                           400 400 400 400 400 400 400
GET    /settings/sign-in                          302 200 200 200 200 200 200
POST   /settings/sign-in/passkeys/challenge       401 200 200 200 200 200 200
POST   /settings/sign-in/passkeys                 401 400 400 400 400 400 400
GET    /settings/sign-in/passkeys/<uuid:passkey_id>  302 404 404 404 404 404 404
POST   /settings/sign-in/passkeys/<uuid:passkey_id>  401 404 404 404 404 404 404
POST   /settings/sign-in/passkeys/<uuid:passkey_id>/remove  401 404 404 404 404 404 404
POST   /settings/sign-in/devices/<uuid:device_id>/end  401 404 404 404 404 404 404
POST   /settings/sign-in/devices/end-others       401 302 302 302 302 302 302
GET    /team/slips                                302 403 200 200 200 200 200
GET    /team/slips/new                            302 403 200 200 200 403 403
POST   /team/slips/new                            401 403 400 400 400 403 403
POST   /team/slips/pdf                            401 403 400 400 400 403 403
POST   /team/people/<uuid:person_id>/slip/withdraw  401 403 302 409 404 403 403
POST   /sign-out                                  302 302 302 302 302 302 302
"""
# Fields without which a form would be refused before anybody's leave to send it is looked at.
FIELDS: dict[str, dict[str, str]] = {}


def table() -> dict[tuple[str, str], dict[str, int]]:
    lines = (line.split() for line in TABLE.strip().splitlines())
    found = {(method, rule): dict(zip(PEOPLE, map(int, statuses), strict=False)) for method, rule, *statuses in lines}
    for (method, rule), answers in found.items():
        assert len(answers) == len(PEOPLE), f"{method} {rule}: write an answer for each of {', '.join(PEOPLE)}"
    return found


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - UNSEEN):
            yield method, plain(rule.rule)


def plain(rule: str) -> str:
    """Return a rule with its kinds spelt out where one route stands for several."""
    return rule.replace("any(modules, scenarios, 'easy-read')", "any(modules,scenarios,easy-read)")


def every_rule(app: Flask) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for method, rule in routes(app):
        both = [rule.replace("<any(module, scenario):kind>s", kind) for kind in ("modules", "scenarios")]
        found |= {(method, each) for each in both}
    return found


def address_of(rule: str, ids: Mapping[str, str], app: Flask) -> str:
    kind = "scenario" if "/scenarios" in rule else "module"
    built = f"dist/{app.jinja_env.globals['asset']('main.css').rpartition('/')[2]}" if "filename" in rule else ""
    values = {
        **ids,
        "slug": ids[kind],
        "number": "1",
        "content_hash": ids.get("content_hash", "0" * 64),
        **{name: ids.get(name, str(uuid.UUID(int=0))) for name in ("passkey_id", "phone_id", "device_id", "tablet_id")},
        "filename": built,
        "folder": "modules",
        "name": "a.svg",
        "report_name": "overdue",
        "form": "csv",
    }
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda match: values[match[1]], rule)
