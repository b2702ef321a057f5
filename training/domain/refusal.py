"""What every refusal of the domain has in common."""


class Refusal(ValueError):  # noqa: N818 - refusals finish the sentence "cannot, because"
    """Something cannot be done; the message says why, in the words of the person who asked."""
