"""Tokens with which other systems act as an account: its owner makes and ends them."""
