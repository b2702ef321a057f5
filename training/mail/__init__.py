"""Mail: where it goes, how it is worded and how it is sent; the rest of the programme gets it as an argument."""
