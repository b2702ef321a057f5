"""The one way to a mailer: from the settings."""

from training.domain.mail import Mailer
from training.mail.notify import NotifyMailer
from training.mail.settings import Log, NotifyService, SmtpServer, read_mail
from training.mail.smtp import SmtpMailer
from training.mail.without import LogMailer, NowhereMailer


def open_mailer(url: str, *, sender: str = "") -> Mailer:
    """Return the mailer for `TRAINING_MAIL_URL` and `TRAINING_MAIL_FROM`.

    Raises:
        MailUrlRefused: when the address is malformed or not safe.
        SenderRefused: when there is no sender and a mail server needs one, or it is no address.
    """
    place, whom = read_mail(url, sender=sender)
    match place:
        case SmtpServer():
            return SmtpMailer(place, sender=whom)
        case NotifyService():
            return NotifyMailer(place)
        case Log():
            return LogMailer()
    return NowhereMailer()
