"""The forms in which a report can be had: each with its ending, its type, and its encoder."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from training.domain.report import Report
from training.exports import csv, json, pdf, xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A form: its name for people, its type on the web, and what turns a report into its bytes, piece by piece."""

    name: str
    type: str
    encode: Callable[[Report], Iterator[bytes]]


FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV", "text/csv", csv.encode_report),
    "xlsx": Format("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.encode_report),
    "pdf": Format("PDF", "application/pdf", pdf.encode_report),
    "json": Format("JSON", "application/json", json.encode_report),
}
