"""What every refusal of the domain has in common."""


class Refusal(ValueError):
    """Something cannot be done; the message says why, in the words of the person who asked."""
