"""What a device is called, from what its browser says of itself: enough to know it again, and no more."""

from training.domain.language import N_, _

# In this order, as many browsers name others besides themselves.
BROWSERS = (
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = N_("Unknown device")


def device_words(user_agent: str) -> str:
    """Return a device in a few words, such as `Chrome on Android`."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or UNKNOWN


def said_device(words: str | None) -> str:
    """Return what a device is called, as it was kept if it was, in the language that is spoken."""
    browser, _on, system = (words or UNKNOWN).partition(" on ")
    if browser in dict(BROWSERS).values() and system in dict(SYSTEMS).values():
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return words if words and words != UNKNOWN else _(UNKNOWN)
