"""Views, one file or folder for each audience."""
