"""A zip file that is sent while it is written."""

import zipfile
from collections.abc import Iterable, Iterator

from delivery.models import DocumentFile


class _Sink:
    """Where the zip file is written: what is there is taken away piece by piece. It cannot go back."""

    def __init__(self):
        self._pieces: list[bytes] = []

    def write(self, data) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def zipped(files: Iterable[DocumentFile]) -> Iterator[bytes]:
    """The files as a zip, each byte for byte under its own name, which is its number; one after the other."""
    sink = _Sink()
    # A PDF is compressed already.
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            named = zipfile.ZipInfo(file.name, date_time=file.created_at.timetuple()[:6])
            archive.writestr(named, bytes(file.content))
            yield sink.taken()
    yield sink.taken()
