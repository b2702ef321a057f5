"""The one way from a file that somebody sends to lines of cells."""

from collections.abc import Callable, Sequence

from training.domain.upload import Line
from training.uploads.delimited import read_delimited
from training.uploads.safety import refuse_strange_file
from training.uploads.spreadsheet import read_workbook


def read_upload(data: bytes, *, name: str, fits: Callable[[Sequence[Line]], bool]) -> list[Line]:
    """Return the lines of a workbook or a text file; of a workbook, those of the first sheet that fits.

    Raises:
        UploadRefused: in words, before anything large is in memory.
    """
    if refuse_strange_file(data, name=name):
        return read_workbook(data, fits=fits)
    return read_delimited(data)
