"""Files as they lie on disk."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.core.files import sealed, store
from tongban.core.files.sealed import PIECE, Damaged


@given(
    size=st.one_of(st.integers(0, 40), st.integers(PIECE - 2, PIECE + 2), st.integers(2 * PIECE - 2, 2 * PIECE + 2)),
    cut=st.integers(1, PIECE + 7), start=st.integers(0, 3 * PIECE), length=st.integers(0, 3 * PIECE),
)  # fmt: skip
def test_any_stretch_reads_as_it_was_written(size: int, cut: int, start: int, length: int) -> None:
    content, key = os.urandom(size), sealed.new_key()
    path = store.folder() / f"t{secrets.token_hex(8)}"
    lying = sealed.seal((content[n : n + cut] for n in range(0, size, cut)), path, key)
    assert (lying.size, lying.sha256) == (size, sealed.sum_of(path))
    assert sealed.content_size(path) == size
    assert b"".join(sealed.unseal(path, key)) == content
    assert b"".join(sealed.unseal(path, key, start, start + length)) == content[start : start + length]
    path.unlink()


@pytest.fixture
def lying(tmp_path: Path) -> tuple[Path, bytes]:
    key = sealed.new_key()
    sealed.seal([b"a word in clear " * 10_000], tmp_path / "one", key)
    return tmp_path / "one", key


def test_nothing_of_it_can_be_read_on_disk(lying: tuple[Path, bytes]) -> None:
    path, _ = lying
    assert b"a word" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", ["cut", "flip", "swap", "key", "longer", "empty"])
def test_a_file_that_is_not_as_it_was_sealed_is_not_given_out(lying: tuple[Path, bytes], harm: str) -> None:
    path, key = lying
    raw = path.read_bytes()
    one, two = slice(8, 8 + PIECE + 16), slice(8 + PIECE + 16, 8 + 2 * (PIECE + 16))
    changed = {
        "cut": raw[: 8 + PIECE + 16], "flip": raw[:-1] + bytes([raw[-1] ^ 1]), "longer": raw + raw[one],
        "swap": raw[:8] + raw[two] + raw[one] + raw[8 + 2 * (PIECE + 16) :], "key": raw, "empty": b"",
    }[harm]  # fmt: skip
    path.write_bytes(changed)
    with pytest.raises(Damaged):
        b"".join(sealed.unseal(path, sealed.new_key() if harm == "key" else key))
