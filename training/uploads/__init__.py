"""Readers: bytes that somebody sent in, lines of cells out."""
