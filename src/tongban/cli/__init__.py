"""Commands: one of three doors onto the engines. They call actions and queries and never name a programme."""
