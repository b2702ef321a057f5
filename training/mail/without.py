"""What stands in for sending: the log while developing, and nowhere while no way to send is set up."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from training.domain.mail import Message, Outcome, Result
from training.mail.addresses import AddressRefused, read_address

log = logging.getLogger("training.mail")


class LogMailer:
    """Writes to the log that a message would be sent, without its words or anybody's name or address."""

    @contextmanager
    def batch(self) -> Iterator["LogMailer"]:
        """Open a sender."""
        yield self

    def send(self, message: Message) -> Outcome:
        """Say that a message would be sent, and that it was."""
        try:
            read_address(message.to_address)
        except AddressRefused as refusal:
            return Outcome(Result.REFUSED, str(refusal))
        log.info("mail %s would be sent, with %d attached", message.key, len(message.attachments))
        return Outcome(Result.SENT)


class NowhereMailer:
    """Sends nothing and loses nothing: every message is for later."""

    @contextmanager
    def batch(self) -> Iterator["NowhereMailer"]:
        """Open a sender."""
        yield self

    def send(self, _message: Message) -> Outcome:
        """Say that the message waits until TRAINING_MAIL_URL is set."""
        return Outcome(Result.LATER, "No mail server is set up: set TRAINING_MAIL_URL.")
