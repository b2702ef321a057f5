"""Making inspector packs in tests, and reading them as somebody without this software would."""

import io
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from training.db import Database
from training.jobs.kinds import KINDS
from training.jobs.long_work import Kind, do_orders
from training.jobs.means import Means
from training.services import packs, tasks
from training.services.accounts import Viewer
from training.services.pack_contents import Wanted
from training.services.task_claims import Made
from training.services.tasks import Order, Told

# What an inspector's own machine does: nothing of ours is imported.
CHECK = """
import hashlib, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
files = {one["name"]: one for one in json.loads((folder / "manifest.json").read_bytes())["files"]}
found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
assert found == {*files, "manifest.json", "cover-note.txt"}, found ^ set(files)
for name, one in files.items():
    body = (folder / name).read_bytes()
    assert len(body) == one["bytes"] and hashlib.sha256(body).hexdigest() == one["sha256"], name
assert hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() in (folder / "cover-note.txt").read_text()
print(len(files))
"""


@dataclass(frozen=True)
class MadeZip:
    """A pack that was made: how its order stands, and the ZIP."""

    told: Told
    body: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """Every file in it by name."""
        with zipfile.ZipFile(io.BytesIO(self.body)) as pack:
            assert pack.testzip() is None
            return {name: pack.read(name) for name in pack.namelist()}

    def text(self, name: str) -> str:
        return self.files[name].decode("utf-8-sig")


def make_pack(
    database: Database,
    viewer: Viewer,
    *,
    as_at: date,
    known_at: datetime,
    now: datetime | None = None,
    site_id=None,
    clock: Callable[[], datetime] | None = None,
) -> MadeZip:
    """Order a pack for somebody, have the work done, and read the file as they would."""
    now = now or known_at
    wanted = packs.order_of(database, viewer=viewer, wanted=Wanted(as_at, known_at, site_id), now=now)
    task_id = tasks.order(database, viewer=viewer, wanted=wanted, now=now)
    means = Means(database, base_url="https://training.example")
    do_orders(means, clock or (lambda: now), lambda: True, kinds=KINDS)
    told = tasks.find_order(database, viewer=viewer, task_id=task_id, now=now)
    if told.failed:
        return MadeZip(told, b"")
    return MadeZip(told, b"".join(tasks.read_file(database, viewer=viewer, task_id=task_id, now=now)[1]))


def note_pack(database: Database, viewer: Viewer, *, now: datetime) -> uuid.UUID:
    """Keep a short file as somebody's pack, without all that a real one takes."""
    task_id = tasks.order(database, viewer=viewer, wanted=Order(kind="copying", title="A pack", wanted={}), now=now)
    made = Made("Made.", file_name="pack.zip", media_type="application/zip", pieces=[b"zip"])
    do_orders(Means(database), lambda: now, lambda: True, kinds={"copying": Kind(lambda *_: made)})
    about = packs.MadePack(covers="the whole organisation", manifest_hash="0" * 64)
    packs.note_made(database, viewer=viewer, pack_id=task_id, wanted=Wanted(now.date(), now), made=about, now=now)
    return task_id


def check_outside(pack: MadeZip, folder: Path) -> int:
    """Unpack a pack and compare every file with the manifest, in a process of its own; return how many there are."""
    with zipfile.ZipFile(io.BytesIO(pack.body)) as unpacked:
        unpacked.extractall(folder)
    checked = subprocess.run(
        [sys.executable, "-I", "-c", CHECK, str(folder)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    return int(checked.stdout)
