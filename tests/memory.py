"""Where the tests keep their files: in memory where a machine has room for that, so that no commit waits for a disk."""

import os
import shutil
from pathlib import Path
from stat import S_IMODE

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (whoever makes a folder in it gives it a name of its own)
ROOM_NEEDED = 3 * 1024**3


def folder_in_memory_for_anybody() -> str | None:
    """Return that folder where all above it may be opened to other users, as PostgreSQL wants when we are root."""
    folder = folder_in_memory()
    try:
        for above in Path(folder, "any").parents if folder and os.geteuid() == 0 else ():
            above.chmod(S_IMODE(above.stat().st_mode))
    except OSError:
        return None
    return folder


def folder_in_memory() -> str | None:
    """Return the folder whose files are in memory, or None where there is none or it is small."""
    there = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK)
    return str(IN_MEMORY) if there and shutil.disk_usage(IN_MEMORY).free >= ROOM_NEEDED else None
