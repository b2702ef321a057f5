"""Files that somebody could send in, and the scripts that made them."""
