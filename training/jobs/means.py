"""What work without a click is done with, and the words for it that every kind shares."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from training.catalog.library import Catalog
from training.db import Database
from training.services.letters import Post

Clock = Callable[[], datetime]
StillOurs = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Means:
    """What work is done with: the database, the post where there is a way to send, the content and our address."""

    database: Database
    post: Post | None = None
    catalog: Catalog | None = None
    base_url: str = ""


def who_am_i() -> str:
    """Return a name that nobody else has, on whatever machine; containers may share both their name and number."""
    return f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
