"""Zip archives whose bytes follow from what is in them, and from nothing else."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable


def zipped(members: Iterable[tuple[str, bytes]], *, moment: dt.datetime) -> bytes:
    """The members as (name, content) in a zip archive, all of them dated `moment`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def zipped_again(content: bytes, *, moment: dt.datetime) -> bytes:
    """The archive with the same members in the same order, all of them dated `moment`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zipped(((name, archive.read(name)) for name in archive.namelist()), moment=moment)
