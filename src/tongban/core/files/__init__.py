"""Files that people bring: bounded, made harmless, sealed, under a random name, and collected when nothing names them."""
