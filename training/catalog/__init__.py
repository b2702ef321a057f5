"""Content files in, one frozen catalogue out."""
