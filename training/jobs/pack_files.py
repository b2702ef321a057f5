"""The work of making an inspector pack: its contents read, each file encoded, and all of them put into one."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from zoneinfo import ZoneInfo

from training.domain.days import format_day
from training.domain.pack import COVER_NOTE, MANIFEST, About, Sealed, Written, cover_note, file_name, manifest
from training.domain.report import Report, Row, Table, instant_words
from training.exports import csv, xlsx
from training.exports.certificate import Certificate, encode_certificate
from training.exports.pack import PackFile, encode_pack
from training.exports.paper import encode_paper
from training.jobs.means import Means
from training.services import on_behalf, pack_contents, packs
from training.services.accounts import Viewer
from training.services.pack_audit import HEADER as ACTS
from training.services.pack_audit import SAYS as ACTS_SAY
from training.services.pack_contents import REGISTER, Contents, Wanted
from training.services.pack_gathering import Held
from training.services.task_claims import Claimed, Made, Progress

MEDIA_TYPE = "application/zip"
SOFTWARE = "stomp-training"


@dataclass(slots=True)
class Work:
    """One pack in the making: what is wanted by whom, and how far it is."""

    means: Means
    claimed: Claimed
    progress: Progress
    viewer: Viewer
    wanted: Wanted
    done: int = 0
    whole: int = 0

    def say(self, done: int, whole: int) -> None:
        """Say how far it is."""
        self.done, self.whole = done, whole
        self.alive()

    def alive(self) -> None:
        """Say that it goes on."""
        self.progress.say(self.done, self.whole)


def make_pack(means: Means, claimed: Claimed, progress: Progress) -> Made:
    """Make the pack that was ordered, with the reach that whoever ordered it has now.

    Raises:
        NotAllowed, NotFound: when they see to nobody, or not to that site.
    """
    viewer = on_behalf.viewer_for(means.database, organisation_id=claimed.organisation_id, person_id=claimed.asked_by)
    wanted = Wanted.read(claimed.wanted)
    pack_contents.within(viewer, wanted.site_id)
    return Made(
        f"The pack as at {format_day(wanted.as_at)} is one ZIP file. Its cover note says how to check it.",
        file_name=f"inspector-pack-{wanted.as_at.isoformat()}.zip",
        media_type=MEDIA_TYPE,
        pieces=pieces(Work(means, claimed, progress, viewer, wanted)),
    )


def pieces(work: Work) -> Iterator[bytes]:
    """Yield the pack piece by piece, and note at its end that it was made."""
    opened = pack_contents.open_contents(
        work.means.database,
        viewer=work.viewer,
        wanted=work.wanted,
        made_with=f"{SOFTWARE} {version(SOFTWARE)}",
        told=work.say,
        alive=work.alive,
    )
    with opened as contents:
        sealing = Sealing(work, contents.about)
        yield from encode_pack(files(contents, work), day=work.wanted.as_at, seal=sealing.seal)
        covers = contents.about.covers
    packs.note_made(
        work.means.database,
        viewer=work.viewer,
        pack_id=work.claimed.id,
        wanted=work.wanted,
        made=packs.MadePack(covers=covers, manifest_hash=sealing.manifest_hash),
        now=work.progress.clock(),
    )


@dataclass(slots=True)
class Sealing:
    """The last files of a pack: the manifest of all others, and the note that alone says who made it and when."""

    work: Work
    about: About
    manifest_hash: str = ""

    def seal(self, written: Sequence[Written]) -> Iterator[PackFile]:
        """Yield the manifest and the cover note."""
        said = manifest(self.about, written)
        self.manifest_hash = sha256(said).hexdigest()
        yield PackFile(MANIFEST, "Every file with its SHA-256", [said])
        now, viewer = self.work.progress.clock(), self.work.viewer
        when = instant_words(now.astimezone(ZoneInfo(viewer.time_zone)))
        sealed = Sealed(made_by=viewer.name, made_at=now, manifest_hash=self.manifest_hash)
        yield PackFile(COVER_NOTE, "Who made it and when", [cover_note(self.about, sealed, when=when)])


def files(contents: Contents, work: Work) -> Iterator[PackFile]:
    """Yield every file of the pack that its manifest names, each encoded when its turn has come."""
    day, people = work.wanted.as_at, contents.people
    yield PackFile("summary.pdf", "Summary in plain words", once(lambda: encode_paper(contents.summary, day=day)))
    report = counted(contents.workbook(), told=lambda seen: work.say(people + int(seen * people), 3 * people))
    yield PackFile("compliance.xlsx", "Everybody and everything asked of them", xlsx.encode_report(report))
    yield from certificates(contents, work)
    told = json.dumps(contents.curriculum_data, ensure_ascii=False, indent=2).encode("utf-8", errors="replace")
    yield PackFile("curriculum.json", "The curriculum, for machines", [told + b"\n"])
    yield PackFile("curriculum.pdf", "The curriculum", once(lambda: encode_paper(contents.curriculum, day=day)))
    yield PackFile(
        "why-each-track.pdf", "What is asked of which role, and why", once(lambda: encode_paper(contents.why, day=day))
    )
    yield PackFile(
        "refresher-policy.pdf", "What becomes of a pass in time", once(lambda: encode_paper(contents.policy, day=day))
    )
    audit = csv.encode_csv(header=ACTS, rows=contents.acts())
    yield PackFile("audit-extract.csv", f"Administrative acts. {ACTS_SAY}", audit)


def once(encode: Callable[[], bytes]) -> Iterator[bytes]:
    """Yield a file that is encoded whole, when it is asked for."""
    yield encode()


def certificates(contents: Contents, work: Work) -> Iterator[PackFile]:
    """Yield the certificates, unless there are too many, and the register of them."""
    names: dict[str, str] = {}
    for one in contents.held() if contents.has_certificates else ():
        if one.certificate is not None:
            name = names[one.certificate.earned.code] = name_of(one)
            says = f"Certificate {one.certificate.earned.code}"
            yield PackFile(name, says, once(lambda one=one: printed(one, base_url=work.means.base_url)))
            work.say(int((2 + len(names) / contents.certificates) * contents.people), 3 * contents.people)
    rows = (pack_contents.register_cells(one, file_name=file_of(one, names)) for one in contents.held())
    says = "Every pass that counts on the day, with the certificate that shows it"
    yield PackFile("certificates/register.csv", says, csv.encode_csv(header=REGISTER, rows=rows))


def name_of(one: Held) -> str:
    """Return a name for a certificate's file that no other has: the code in it is unique."""
    earned = one.certificate.earned
    return f"certificates/{file_name(one.certificate.holder_name, earned.item, earned.code)}.pdf"


def file_of(one: Held, names: dict[str, str]) -> str:
    """Return which file of the pack a certificate is."""
    return names.get(one.certificate.earned.code, "") if one.certificate else ""


def printed(one: Held, *, base_url: str) -> bytes:
    """Return a certificate as a PDF."""
    address = f"{base_url.rstrip('/')}/check/{one.certificate.earned.code}"
    return encode_certificate(Certificate(**one.certificate.printed(check_url=address)))


def counted(report: Report, *, told: Callable[[float], None]) -> Report:
    """Return a report that tells, while its rows are read, how much of it has been."""
    last = len(report.tables)
    tables = tuple(
        replace(table, rows=telling(table, told=lambda place=place: told(place / last)))
        for place, table in enumerate(report.tables)
    )
    return replace(report, tables=tables)


def telling(table: Table, *, told: Callable[[], None]) -> Iterator[Row]:
    """Yield a table's rows, and tell once that it has been begun."""
    told()
    yield from table.rows
