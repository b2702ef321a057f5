"""Makes `people-with-faults.xlsx`: a staff list for the demonstration organisation, with faults to find and mend.

Run it as `python -m tests.files.people_with_faults` after changing it.
"""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

FILE = Path(__file__).with_name("people-with-faults.xlsx")
HEADINGS = ("Job title", "Surname", "Forename", "Staff no.", "Favourite colour", "Location", "Date started", "Email")
MADE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).replace(tzinfo=None)
# Numbers and dates as Excel keeps them, text as people type it.
ROWS = (
    ("Support worker ", "Kowalska", "Marta", 1001, "green", "Alder House", date(2025, 12, 19), ""),
    ("Senior support worker", "Ellison", "Tom", 1006, "", "Brook Lane", date(2026, 11, 16), ""),
    ("Support worker", "Begum-Khan", "Aisha", "1007", "", "alder  house", "", "aisha.khan@demo.example"),
    ("Support worker", "Okonkwo", "Chinedu\xa0", "00123", "blue", "Alder House", date(2026, 11, 2), ""),
    ("Night nurse", "Bălan", "Ioana", "2002", "", "The Mill", "2026-11-09", ""),
    ("Support worker", "عبد الله", "محمد", "2003", "", "Brook Lane", "9/11/26", ""),
    ("Support worker", "Fox 🦊", "=cmd|' /C calc'!A0", "2004", "", "Brook Lane", "09/11/2026", ""),
    ("Support worker", "Smith", "Jo", "", "red", "Brook Lane", "09/11/2026", ""),
    ("Support worker", "Jones", "Sam", "2006", "", "Brook Lain", "31/02/2026", "sam.example.com"),
    ("Suport worker", "", "", "2007", "", "Alder House", "01/12/2026", ""),
    ("Support worker", "Doyle", "Callum", "01018", "", "Brook Lane", "", ""),
    ("Support worker", "Patel", "Ravi", date(2026, 2, 1), "", "Alder House", "", ""),
    ("Support worker", "Green", "Ola", "2009", "", "Alder House", "", ""),
    ("Pharmacist", "Brown", "Ola", "2009", "", "Community Team", "", ""),
)


def make() -> bytes:
    """Return the workbook: a title above the headings, an extra column, and empty rows at the end."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE})
    day, bold = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"bold": True})
    sheet = book.add_worksheet("Staff list")
    sheet.write_string(0, 0, "Willowbrook Support: staff list", bold)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(2, column, heading, bold)
    for number, row in enumerate(ROWS, start=3):
        for column, value in enumerate(row):
            write = sheet.write_datetime if isinstance(value, date) else sheet.write
            write(number, column, value, *([day] if isinstance(value, date) else []))
    for number in range(len(ROWS) + 3, len(ROWS) + 8):
        sheet.write_blank(number, 0, None, day)
        sheet.write_string(number, 1, " ")
    book.add_worksheet("Notes").write_string(0, 0, "Not part of the list.")
    book.close()
    return file.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(make())
