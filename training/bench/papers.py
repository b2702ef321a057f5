"""Certificates: how long one takes, and whether a thousand take more memory than ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from sqlalchemy import select

from training import clock
from training.bench.clocks import interleaved, peak_memory, seconds
from training.bench.lines import Ground, Line
from training.bench.people import learners
from training.domain.roles import Role
from training.exports.certificate import Certificate, encode_certificate
from training.models import Completion
from training.services import certificates
from training.services.certificates import CertificateRow

MOST_MS = 25
ENOUGH, MANY = 50, 1_000
# What may be added by a thousand certificates, to what the first fifty took.
GROWTH_MB = 20
BARE = b'#set page(paper: "a4")\n= Certificate\n#sys.inputs.at("name")\n'


def papers(ground: Ground) -> Iterator[Line]:
    """Measure certificates: with the reading of the record, and many in one go."""
    learner = learners(ground.database, count=1, title=Role.SOCIAL_CARE.label, now=clock.now())[0].viewer
    with ground.database.read(learner.organisation_id) as session:
        mine = select(Completion.attempt_id).where(Completion.person_id == learner.person_id)
        attempt_id = session.scalars(mine.order_by(Completion.passed_on)).first()

    def one() -> bytes:
        row = certificates.certificate(ground.database, viewer=learner, attempt_id=attempt_id)
        return encode_certificate(printed(row, number=0))

    row = certificates.certificate(ground.database, viewer=learner, attempt_id=attempt_id)
    with bare_compiler() as bare:
        plain = partial(bare.compile, format="pdf", sys_inputs={"name": learner.name})
        value, floor = interleaved(one, plain, each=5)
    note = "the floor is a page of two lines"
    what = "certificate, read and printed: processor time"
    yield Line(what=what, value=value, unit="ms", floor=floor, most=MOST_MS, note=note)
    print_many(row, first=1, count=ENOUGH)
    before = peak_memory()
    taken = seconds(partial(print_many, row, first=ENOUGH + 1, count=MANY))
    yield Line(what="a thousand certificates: each", value=taken, unit="ms", most=MOST_MS)
    yield Line(what="a thousand certificates: memory added", value=peak_memory() - before, unit="MB", most=GROWTH_MB)
    yield Line(what="a thousand certificates: memory", value=peak_memory(), unit="MB")


@contextmanager
def bare_compiler() -> Iterator[typst.Compiler]:
    """Give a compiler of a page of two lines."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "bare.typ"
        page.write_bytes(BARE)
        yield typst.Compiler(page)


def print_many(row: CertificateRow, *, first: int, count: int) -> None:
    """Print certificates that differ in name and code, keeping none."""
    for number in range(first, first + count):
        encode_certificate(printed(row, number=number))


def printed(row: CertificateRow, *, number: int) -> Certificate:
    """Return what is printed, for somebody with a number."""
    earned = row.earned
    return Certificate(
        holder_name=f"{row.holder_name} {number}",
        item_title=earned.title,
        version=earned.version,
        role_label=earned.role.label,
        organisation_name=row.organisation_name,
        passed_on=earned.passed_on,
        until_words=earned.until_words,
        reason=earned.reason,
        code=earned.code,
        check_url=f"http://127.0.0.1:8000/check/{earned.code}",
        minutes=row.minutes,
        outcomes=row.outcomes,
        signoff_words=row.signoff_words,
    )
