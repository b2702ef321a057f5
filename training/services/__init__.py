"""Use cases: the only room that commits."""
