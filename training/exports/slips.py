"""Invite slips in, a tagged PDF out: one slip on an A4 page, or twenty to cut apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import segno

from training.exports.typesetting import has_box, on_paper, typeset

A_PAGE = (20, 1)
MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).with_name("slips.typ")
# In place of a name of which nothing can be seen: a slip without a heading is refused as no accessible document.
NAMELESS = "Somebody"


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """What stands on one slip; both addresses are in ASCII, and `sign_in_name` may be empty."""

    name: str
    organisation: str
    sign_in_name: str
    code: str
    address: str
    short_address: str
    until: str


def encode_slips(slips: Sequence[PrintedSlip], *, a_page: int, day: date) -> bytes:
    """Encode slips, one or twenty a page, as a PDF/UA-1 document that is dated midnight of a day.

    No name makes it fail: what cannot be printed becomes a box.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    words = {"slips": [_words(slip) for slip in slips], "a_page": a_page}
    return typeset(_TEMPLATE, words, dated=datetime.combine(day, time(), UTC))


def file_name(day: date) -> str:
    """Return what a file of slips is called."""
    return f"invite-slips-{day.isoformat()}.pdf"


def _words(slip: PrintedSlip) -> dict[str, object]:
    name = on_paper(slip.name)
    said = {
        "name": NAMELESS if isinstance(name, str) and not name.strip() else name,
        "organisation": on_paper(slip.organisation),
        "sign_in_name": on_paper(slip.sign_in_name),
    }
    return {
        **said,
        "code": slip.code,
        "address": slip.address,
        "short_address": slip.short_address,
        "until": slip.until,
        "qr": segno.make_qr(slip.address, error="m", mask=3).svg_inline(border=0, omitsize=True),
        "incomplete": has_box(said),
    }
