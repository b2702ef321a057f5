"""One completion in, a printable certificate out: a tagged PDF of one A4 page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path
from threading import Lock

import segno

from training.exports.fonts import compiler_of, coverage
from training.exports.printable import Printable, printable

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_TYPED = ("holder_name", "item_title", "version", "role_label", "organisation_name", "reason", "code", "signoff_words")
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    `until_words` say until when it is in date; `check_url` is an address in ASCII. Texts
    that are empty (`reason`, `signoff_words`) and no outcomes leave no gap.
    """

    holder_name: str
    item_title: str
    version: str
    role_label: str
    organisation_name: str
    passed_on: date
    until_words: str
    reason: str
    code: str
    check_url: str
    minutes: int
    outcomes: tuple[str, ...]
    signoff_words: str


def encode_certificate(certificate: Certificate) -> bytes:
    """Encode a certificate as a PDF/UA-1 document; the same certificate gives the same bytes on any day.

    No name makes it fail: what cannot be printed becomes a box, and a line at the foot of the page says so.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    inputs = {"certificate": json.dumps(_words(certificate))}
    midnight = datetime.combine(certificate.passed_on, time(), UTC)
    with _one_at_a_time:
        return _compiler().compile(format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=midnight)


def encode_certificates(certificates: Iterable[Certificate]) -> Iterator[bytes]:
    """Encode certificates one by one, in their order, holding no more than one."""
    return map(encode_certificate, certificates)


_compiler = cache(partial(compiler_of, _TEMPLATE))


def _words(certificate: Certificate) -> dict[str, object]:
    typed = {field: printable(getattr(certificate, field), fonts=coverage()) for field in _TYPED}
    outcomes = [printable(outcome, fonts=coverage()) for outcome in certificate.outcomes]
    minutes = "1 minute" if certificate.minutes == 1 else f"{certificate.minutes} minutes"
    return {
        **{field: asdict(words) for field, words in typed.items()},
        "outcomes": [asdict(outcome) for outcome in outcomes],
        "document_title": f"Certificate of learning: {typed['item_title'].text}, {typed['holder_name'].text}",
        "document_author": typed["organisation_name"].text,
        "standing": certificate.until_words,
        "length": minutes,
        "check_url": certificate.check_url,
        "qr": _qr(certificate.check_url),
        "note": _note(typed["holder_name"], [*typed.values(), *outcomes]),
    }


def _qr(address: str) -> str:
    # Any mask is read alike; weighing all eight against each other would take longer than setting the page.
    return segno.make_qr(address, error="m", mask=3).svg_inline(border=0, omitsize=True)


def _note(name: Printable, everything: Iterable[Printable]) -> str:
    if name.incomplete:
        return "Some characters of the name could not be printed."
    if any(words.incomplete for words in everything):
        return "Some characters on this page could not be printed."
    return ""
