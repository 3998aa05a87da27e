"""Outputs are replaced whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path

from derive.errors import Problem


def write_atomically(path: Path, content: str | bytes) -> None:
    """Put ``content`` at ``path``: a temporary file beside it, then one replacement.

    A device or a pipe is written to directly. Raises `Problem` where the folder is missing, is not
    writable, or ``path`` is itself a folder; the old file is then untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    with writing(path):
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            _replace(target, data)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A block that writes ``path``: what the system refuses is a `Problem`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem(f"cannot write {path}: {reason}") from error


def check_writable(path: Path) -> None:
    """Raise the `Problem` that writing there would end in, before the work that is to be written.

    Nothing stays at ``path``; a folder can still become full or vanish.
    """
    target = Path(os.path.realpath(path))
    with writing(path), tempfile.TemporaryFile(dir=target.parent):
        if target.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
