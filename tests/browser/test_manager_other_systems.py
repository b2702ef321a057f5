"""Files for other systems as a manager makes them: the ASC-WDS file once its faults are mended, and one for ESR."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Watch
from tests.browser.walking import demonstrator, follow, sign_in
from tests.serving import Served, serve
from training import clock
from training.domain.asc_wds_file import check_file

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(demonstration_file, tmp_path_factory) -> Iterator[Served]:
    """A server of this file's own: whoever else passed something would have to be mended as well."""
    folder = tmp_path_factory.mktemp("other-systems")
    shutil.copy(demonstration_file, folder / "training.sqlite")
    with serve(f"sqlite:///{folder / 'training.sqlite'}", output_file=folder / "output.txt") as served:
        yield served


@pytest.fixture
def watch(visit):
    """A telephone in the hand of the manager, watched."""
    page = visit()
    sign_in(page, demonstrator("manager"))
    watch = Watch(page)
    page.goto("/reports")
    watch.look()
    return watch


def test_a_manager_mends_what_is_missing_and_sends_the_asc_wds_file(watch):
    page = watch.page
    follow(page, page.get_by_role("link", name="ASC-WDS training file"))
    expect(page.get_by_role("main")).to_contain_text("Mend these first")
    watch.look()
    mend(page, watch, "Community Team", "Community Team", "WB-COMMUNITY")
    mend(page, watch, "Yusuf Demir", "Worker reference (UNIQUEWORKERID)", "AGENCY-3")
    expect(page.get_by_role("main")).to_contain_text("Nothing is missing.")
    watch.look()
    for link in ("Change the layout and what every row says", "Categories and names of the training"):
        follow(page, page.get_by_role("link", name=link))
        watch.look()
        follow(page, page.get_by_role("button", name="Keep these"))
    data = loaded(page).read_bytes()
    assert check_file(data, "asc-wds-training-v2-12col", today=clock.now().date()) == []
    assert b"\r\nWB-COMMUNITY," in data
    assert b",AGENCY-3," in data
    watch.check()


def mend(page: Page, watch: Watch, fault: str, label: str, reference: str) -> None:
    """Follow a fault to where it is mended, and come back."""
    follow(page, page.get_by_role("link", name=fault))
    watch.look()
    page.get_by_label(label).fill(reference)
    follow(page, page.get_by_role("button", name="Keep these"))
    expect(page.get_by_role("heading", level=1)).to_have_text("ASC-WDS training file")


def loaded(page: Page) -> Path:
    """Return the file that the page's button gives."""
    with page.expect_download() as download:
        page.get_by_text("Download", exact=False).and_(page.locator("main .nhsuk-button")).click()
    return download.value.path()


def test_a_manager_makes_a_mapping_for_esr_and_sends_and_reads_with_it(watch, tmp_path):
    page = watch.page
    follow(page, page.get_by_role("link", name="NHS ESR"))
    watch.look()
    follow(page, page.get_by_role("link", name="Make a mapping"))
    page.get_by_text("More columns").click()
    watch.look()
    page.get_by_label("Name of the mapping").fill("Our trust")
    page.get_by_label("Week four").fill("457|LOCAL|Week four|")
    follow(page, page.get_by_role("button", name="Keep this mapping"))
    expect(page.get_by_role("heading", level=1)).to_have_text("ESR: Our trust")
    watch.look()
    head, *rows = loaded(page).read_text(encoding="utf-8").splitlines()
    assert head == "Employee Number,Competency Name,Date Start,Expiry Date"
    assert rows
    file = tmp_path / "esr.csv"
    file.write_text(f"{head}\r\n1001,457|LOCAL|Week four|,01-Dec-2020,\r\n", encoding="utf-8")
    follow(page, page.get_by_role("link", name="Import a file from ESR with this mapping"))
    watch.look()
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Where these records come from").fill("NHS ESR")
    follow(page, page.get_by_role("button", name="See the plan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan of an import")
    watch.look()
    watch.check()
