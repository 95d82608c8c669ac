"""Streams of bytes read by line within a limit, and looked at before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO, cast

from geo.errors import DocumentError

CHUNK = 1 << 16


def lines_of(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The lines of a stream, None for one over the limit, which is passed over without being kept."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(CHUNK)
        yield None


def opening(stream: BinaryIO, limit: int) -> list[bytes]:
    """The lines up to the first with text, no more than a byte above `limit` of them."""
    lines: list[bytes] = []
    left = limit + 1
    while left > 0 and not (lines and lines[-1].strip()) and (line := stream.readline(left)):
        lines.append(line)
        left -= len(line)
    return lines


class Peeked:
    """Standard input, which can be looked at before it is read; None is a closed one. Calling it gives itself."""

    def __init__(self, stream: BinaryIO | None) -> None:
        self.stream = stream
        self.opening: list[bytes] = []

    def __call__(self) -> AbstractContextManager[BinaryIO]:
        """Itself, as a file that is opened. Raises DocumentError when it is closed."""
        if self.stream is None:
            raise DocumentError("stdin: closed; pipe an article into it")
        return nullcontext(cast("BinaryIO", self))

    def put_back(self, lines: list[bytes]) -> None:
        """Have `lines` read again."""
        self.opening = [*lines, *self.opening]

    def seekable(self) -> bool:
        """No."""
        return False

    def readline(self, size: int = -1) -> bytes:
        """The next line, or `size` bytes of it."""
        assert self.stream is not None  # noqa: S101
        return self.opening.pop(0) if self.opening else self.stream.readline(size)

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer at the end only."""
        assert self.stream is not None  # noqa: S101
        if not self.opening:
            return self.stream.read(size)
        head = b"".join(self.opening)
        self.opening = [head[size:]] if 0 <= size < len(head) else []
        return head[:size] if self.opening else head + self.stream.read(size - len(head) if size >= 0 else -1)
