"""Where mail goes, read from one address: a mail server, GOV.UK Notify, the log, or nowhere."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from training.mail.addresses import AddressRefused, Sender, read_sender

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf"(?:.*-)?(?P<service>{UUID})-(?P<secret>{UUID})")
NOTIFY_HOST = "api.notifications.service.gov.uk"
PORTS = {"starttls": 587, "implicit": 465, "none": 25}
TIMEOUT = 30.0


class MailUrlRefused(ValueError):
    """Mail cannot be sent because its address is malformed or would not be safe. The message never repeats it."""


class SenderRefused(ValueError):
    """Mail cannot be sent because nobody is named whom it comes from, or not in a way that servers take."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server; `tls` is `starttls`, `implicit` (smtps) or `none`."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT


@dataclass(frozen=True, slots=True)
class NotifyService:
    """A service of GOV.UK Notify: its id, the secret of a key, and the template that messages are put into."""

    host: str
    port: int
    tls: str
    service: str
    secret: str
    template: str
    timeout: float = TIMEOUT


@dataclass(frozen=True, slots=True)
class Log:
    """The log: nothing is sent."""


@dataclass(frozen=True, slots=True)
class Nowhere:
    """No way to send is set up: everything waits."""


Place = SmtpServer | NotifyService | Log | Nowhere
NOBODY = Sender("", "")


def read_mail(url: str, *, sender: str) -> tuple[Place, Sender]:
    """Return where mail goes and whom it comes from; only a mail server needs to be told the latter.

    Raises:
        MailUrlRefused: saying what is wrong with the address.
        SenderRefused: saying what is wrong with the sender.
    """
    place = read_mail_url(url)
    if not sender and isinstance(place, SmtpServer):
        raise SenderRefused("must be set to whom mail comes from, such as: Training <training@example.org>")
    try:
        return place, read_sender(sender) if sender else NOBODY
    except AddressRefused as refusal:
        raise SenderRefused(f"cannot be used. {refusal}") from refusal


def read_mail_url(url: str) -> Place:
    """Return where mail goes.

    Raises:
        MailUrlRefused: saying what is wrong and what would do.
    """
    if not url:
        return Nowhere()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise MailUrlRefused("is no address: after the host comes a colon and a port such as 587.") from error
    match parts.scheme:
        case "smtp" | "smtps":
            return read_smtp(parts)
        case "notify":
            return read_notify(parts)
        case "log" if url == "log://":
            return Log()
    raise MailUrlRefused("must begin with smtp://, smtps:// or notify://, or be log:// alone.")


def read_smtp(parts: SplitResult) -> SmtpServer:
    """Return the mail server of `smtp://user:password@host:port?tls=starttls` or `smtps://...`."""
    implicit = parts.scheme == "smtps"
    options = read_options(parts, known={"timeout"} if implicit else {"timeout", "tls"})
    tls = "implicit" if implicit else read_tls(options, known=("starttls", "none"))
    host = read_host(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.path not in {"", "/"}:
        raise MailUrlRefused("has something behind the host. Write # / ? @ in a user or password as %23 %2F %3F %40.")
    if bool(user) != bool(password):
        raise MailUrlRefused("needs a user and a password, or neither.")
    if not (f"{user}{password}".isascii() and f"{user}{password}".isprintable()):
        raise MailUrlRefused("has a user or password with a sign outside ASCII, which mail servers do not agree about.")
    if user and tls == "none" and not is_this_machine(host):
        raise MailUrlRefused("would send its password for all to read. Use tls=starttls, or smtps://.")
    return SmtpServer(host, parts.port or PORTS[tls], tls, user, password, read_timeout(options))


def read_notify(parts: SplitResult) -> NotifyService:
    """Return the service of `notify://API-KEY@api.notifications.service.gov.uk/TEMPLATE-ID`."""
    options = read_options(parts, known={"timeout", "tls"})
    tls = read_tls(options, known=("implicit", "none"))
    key = NOTIFY_KEY.fullmatch(unquote(parts.username or ""))
    template = parts.path.strip("/")
    if not key or parts.password:
        raise MailUrlRefused(f"needs a whole API key of GOV.UK Notify: notify://KEY@{NOTIFY_HOST}/TEMPLATE.")
    if not re.fullmatch(UUID, template):
        raise MailUrlRefused(f"needs the id of a template: notify://KEY@{NOTIFY_HOST}/TEMPLATE.")
    host = read_host(parts)
    if tls == "none" and not is_this_machine(host):
        raise MailUrlRefused("has tls=none, which is only for a receiver on this machine.")
    port = parts.port or (80 if tls == "none" else 443)
    return NotifyService(host, port, tls, key["service"], key["secret"], template, read_timeout(options))


def read_host(parts: SplitResult) -> str:
    """Return the host."""
    host = parts.hostname or ""
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
        raise MailUrlRefused("needs a host, such as mail.example.org.")
    return host


def is_this_machine(host: str) -> bool:
    """Say whether what is sent to a host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_options(parts: SplitResult, *, known: set[str]) -> dict[str, str]:
    """Return what stands behind the question mark, each once."""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    if set(options) - known or len(options) < len(pairs) or parts.fragment:
        words = " and ".join(sorted(known))
        raise MailUrlRefused(f"has something behind the question mark that is not known; known are {words}, once each.")
    return options


def read_tls(options: dict[str, str], *, known: tuple[str, str]) -> str:
    """Return how the connection is kept from others; the first that is known where nothing is said."""
    tls = options.get("tls", known[0])
    if tls not in known:
        raise MailUrlRefused(f"has a tls that is not known; known are {' and '.join(known)}.")
    return tls


def read_timeout(options: dict[str, str]) -> float:
    """Return how many seconds to wait for an answer."""
    text = options.get("timeout", str(TIMEOUT))
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text) or not 0 < float(text) <= 300:
        raise MailUrlRefused("has a timeout that is not a number of seconds from 0.1 to 300.")
    return float(text)
