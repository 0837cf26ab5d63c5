"""Files that people bring: bounded, under a random name, for as long as they are needed and no longer."""
