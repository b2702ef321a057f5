"""What people set for themselves alone."""

from training.db import EVERYWHERE, Database
from training.domain.looks import Looks
from training.models import Account
from training.services.accounts import Viewer


def change_looks(database: Database, *, viewer: Viewer, looks: Looks) -> None:
    """Remember how pages look to the viewer, on every device and in every organisation."""
    with database.write(EVERYWHERE) as session:
        session.get_one(Account, viewer.account_id).looks = looks.kept
