"""The rules, in pure standard library Python."""
