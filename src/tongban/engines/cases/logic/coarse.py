"""A place told roughly: the middle of the square of 200 m in which a pin lies."""

from __future__ import annotations

import math

_SIDE, _DEGREE = 200.0, 111_320.0  # metres: a square's side, a degree of latitude


def square(longitude: float, latitude: float) -> tuple[float, float]:
    """Longitude and latitude (degrees) of the middle of the pin's square, the same for every pin in it.

    >>> square(121.0213, 30.7001), square(121.0214, 30.7003)
    ((121.02199, 30.69978), (121.02199, 30.69978))
    """
    down = _SIDE / _DEGREE
    north = (math.floor(latitude / down) + 0.5) * down
    across = down / math.cos(math.radians(north))
    return round((math.floor(longitude / across) + 0.5) * across, 5), round(north, 5)
