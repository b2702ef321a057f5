"""How pages look to one person: their language, the size of their text, their colours, and whether all is calm."""

from dataclasses import dataclass
from enum import StrEnum

from training.domain.language import N_, Language, _

BETWEEN = "."
CALM = "calm"
SIZES = {"normal": N_("Normal"), "larger": N_("Larger"), "largest": N_("Largest")}
COLOURS = {"device": N_("As this device has it"), "light": N_("Light"), "dark": N_("Dark")}


class TextSize(StrEnum):
    """How large text is."""

    NORMAL = "normal"
    LARGER = "larger"
    LARGEST = "largest"

    @property
    def label(self) -> str:
        """What the choice is called."""
        return _(SIZES[self.value])


class Colours(StrEnum):
    """Dark words on a light page, or light words on a dark one."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"

    @property
    def label(self) -> str:
        """What the choice is called."""
        return _(COLOURS[self.value])


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What somebody chose; calm pages have no movement and no bright boxes, and show fewer things at once."""

    text: TextSize = TextSize.NORMAL
    colours: Colours = Colours.DEVICE
    is_calm: bool = False
    language: Language = Language.ENGLISH

    @property
    def kept(self) -> str:
        """The choices in a few letters, as they are kept; nothing stands for what everybody gets."""
        usual = Looks()
        chosen = [self.text] if self.text != usual.text else []
        chosen += [self.colours] if self.colours != usual.colours else []
        chosen += [self.language] if self.language != usual.language else []
        return BETWEEN.join([*chosen, CALM] if self.is_calm else chosen)


def read_looks(kept: str) -> Looks:
    """Return what was kept; whatever nobody could have chosen counts for nothing."""
    found = set(kept.split(BETWEEN))
    return Looks(
        text=next((size for size in TextSize if size in found), TextSize.NORMAL),
        colours=next((colours for colours in Colours if colours in found), Colours.DEVICE),
        is_calm=CALM in found,
        language=next((language for language in Language if language in found), Language.ENGLISH),
    )
