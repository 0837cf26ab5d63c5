"""Keys in addresses."""

from __future__ import annotations

from tongban.core.cursors import key_of


class KeyConverter:
    """``<key:…>``: the key of a row; a number that no table can hold is no page, like one that no row has."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """The key."""
        key = key_of(value)
        if key is None:
            raise ValueError(value)
        return key

    def to_url(self, value: int | str) -> str:
        """As it stands in an address."""
        return str(value)
