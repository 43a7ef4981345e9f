"""Read and write files without changing what is not meant to change: encoding, mark, line ends, mode."""

from __future__ import annotations

import os
import re
import stat

from kaplint.records import dataclass

__all__ = ["LARGEST", "SourceFile", "decode", "read", "write"]

# Larger files are no copy; a failure says so rather than a wait.
LARGEST = 32 * 1024 * 1024

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: its text (a byte-order mark included), and how to write it back."""

    path: str
    text: str
    encoding: str
    data: bytes


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of some bytes and the encoding that was used.

    UTF-16 and UTF-32 by their marks, else UTF-8, else what an HTML page declares, else
    Windows-1252, else Latin-1, which takes any byte. Raises ValueError where the bytes are no text.
    """
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):  # before UTF-16, whose mark it holds
        encoding = "utf-32-le" if data[0] == 0xFF else "utf-32-be"
        return data.decode(encoding), encoding
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if data[0] == 0xFF else "utf-16-be"
        return data.decode(encoding), encoding
    if data.count(b"\0", 0, 8192) > 8:
        message = "not a text file"
        raise ValueError(message)
    declared = _DECLARED.search(data, 0, 2048)
    names = ["utf-8", *([declared[1].decode("ascii").lower()] if declared else []), "cp1252"]
    for name in names:
        try:
            return data.decode(name), name
        except (UnicodeError, LookupError):
            continue
    return data.decode("latin-1"), "latin-1"


def read(path: str) -> SourceFile:
    """Read a file. Raises OSError, or ValueError where it is no file, too large or no text."""
    about = os.stat(path)
    if stat.S_ISDIR(about.st_mode):
        os.listdir(path)  # raises what keeps a folder from being read
    if not stat.S_ISREG(about.st_mode):  # a pipe or a device might never end
        message = "not a regular file"
        raise ValueError(message)
    if about.st_size > LARGEST:
        message = f"larger than {LARGEST // 1024 // 1024} MB"
        raise ValueError(message)
    with open(path, "rb") as stream:
        data = stream.read()
    text, encoding = decode(data)
    return SourceFile(path, text, encoding, data)


def write(file: SourceFile, text: str) -> bool:
    """Put a new text in place of the old one, all at once, in the same encoding and mode.

    Returns False, and writes nothing, where the file has changed since it was read. Raises OSError,
    or ValueError where the text does not fit the file's encoding.
    """
    if file.text.encode(file.encoding, errors="replace") != file.data:
        message = f"what was read as {file.encoding} could not be written back unchanged"
        raise ValueError(message)
    real = os.path.realpath(file.path)  # a link stays a link
    with open(real, "rb") as stream:
        if stream.read() != file.data:
            return False
    try:
        data = text.encode(file.encoding)
    except UnicodeEncodeError as error:
        message = f"{error.object[error.start : error.end]!r} cannot be written in {file.encoding}"
        raise ValueError(message) from None
    part = f"{real}.kaplint-{os.getpid()}"
    try:
        with open(part, "xb") as stream:
            stream.write(data)
        os.chmod(part, os.stat(real).st_mode & 0o7777)
        os.replace(part, real)
    finally:
        if os.path.exists(part):
            os.unlink(part)
    return True
