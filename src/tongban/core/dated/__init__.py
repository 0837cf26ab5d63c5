"""Rules and numbers that hold from a day on, each with what it rests on, a sample until the county confirms it."""

from datetime import date

# From when on what ships with a new county holds: a day before everything, told as "from the beginning".
BEGINNING = date(2000, 1, 1)
