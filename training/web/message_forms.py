"""The form that says when an organisation's messages go out."""

from datetime import time

from wtforms import SelectChoice

from training.services.runs import Settings
from training.web.forms import Form, Menu
from training.web.later import later

WEEKDAYS = (
    *(later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday")),
    *(later("Friday"), later("Saturday"), later("Sunday")),
)
HOURS = [SelectChoice(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]
ON, OFF = "on", "off"


class SettingsForm(Form):
    """Whether anything is sent, the hours in which nothing is, and the day of the digest."""

    switch = Menu(
        later("Switch for messages"),
        choices=[SelectChoice(ON, later("On")), SelectChoice(OFF, later("Off"))],
    )
    quiet_from = Menu(later("First quiet hour"), choices=HOURS)
    quiet_until = Menu(later("First hour after the quiet"), choices=HOURS)
    digest_weekday = Menu(
        later("Day of the weekly digest"),
        choices=[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)],
    )

    @classmethod
    def of(cls, settings: Settings) -> "SettingsForm":
        """Return the form filled in with what holds now."""
        return cls(
            data={
                "switch": ON if settings.reminders_on else OFF,
                "quiet_from": f"{settings.quiet_from:%H:%M}",
                "quiet_until": f"{settings.quiet_until:%H:%M}",
                "digest_weekday": str(settings.digest_weekday),
            }
        )

    def settings(self) -> Settings:
        """Return what was chosen."""
        return Settings(
            reminders_on=self.switch.data == ON,
            quiet_from=time.fromisoformat(self.quiet_from.data),
            quiet_until=time.fromisoformat(self.quiet_until.data),
            digest_weekday=int(self.digest_weekday.data),
        )
