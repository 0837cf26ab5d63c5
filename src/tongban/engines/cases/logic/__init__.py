"""Pure parts of the cases engine: no Django, plain values in and out."""
