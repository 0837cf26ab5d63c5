"""Tongban (通办): one desk for a county."""

__version__ = "0.3.0.dev0"
