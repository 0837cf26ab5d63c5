"""Reads of the visits engine: every one takes the viewer and gives only what he may see."""
