"""Rules and numbers that hold from a day on, each with what it rests on, a sample until the county confirms it."""
