"""Encoders: rows in, bytes out."""
