"""Long work: takes one order after another and hands each to whatever does its kind."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.domain.refusal import Refusal
from training.jobs.means import Clock, Means, StillOurs, who_am_i
from training.services import task_claims
from training.services.organisations import NotAllowed, NotFound
from training.services.task_claims import Claimed, Made, Progress, TakenOver

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of order is done; one that `locks` is one transaction, beside which SQLite writes nothing."""

    do: Callable[[Means, Claimed, Progress], Made]
    locks: bool = False


def do_orders(means: Means, clock: Clock, still_ours: StillOurs, *, kinds: Mapping[str, Kind]) -> int:
    """Do the orders that wait, one by one, and return how many; what is broken off is left to whoever looks next."""
    done = 0
    while still_ours():
        claimed = task_claims.claim_next(means.database, who=who_am_i(), now=clock())
        if claimed is None:
            break
        if not do_one(means, claimed, clock=clock, still_ours=still_ours, kind=kinds[claimed.kind]):
            break
        done += 1
    return done


def do_one(means: Means, claimed: Claimed, *, clock: Clock, still_ours: StillOurs, kind: Kind) -> bool:
    """Do one order; say whether it is over. What went wrong unforeseen is tried again after a while."""
    locks = kind.locks and means.database.has_one_writer
    progress = Progress(means.database, claimed, clock, is_stopping=lambda: not still_ours(), locks=locks)
    try:
        made = kind.do(means, claimed, progress)
        progress.locks = False
        task_claims.finish(means.database, claimed, made=made, progress=progress)
    except TakenOver as why:
        LOG.info("%s is left to others: %s", claimed.title, why)
        task_claims.let_go(means.database, claimed, now=clock())
        return False
    except (Refusal, NotFound, NotAllowed) as refusal:
        task_claims.fail(means.database, claimed, words=str(refusal), now=clock())
    finally:
        progress.forget()
    return True
