"""How bytes are handed to a browser. Who may have them, and that it is logged, is the view's affair."""

from io import BytesIO

from django.http import FileResponse, HttpResponse

from delivery.models import DocumentFile, JobFile


def file_download(file: DocumentFile | JobFile) -> FileResponse:
    """The stored bytes, byte for byte, as a download under their own name."""
    return FileResponse(BytesIO(file.content), as_attachment=True, filename=file.name, content_type=file.media_type)


def made_download(content: bytes | str, *, name: str, media_type: str) -> HttpResponse:
    """What was made for this answer and is not kept, as a download called `name` (ASCII)."""
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def kept_download(content: bytes, *, name: str, media_type: str, shown: bool, alone: bool) -> FileResponse:
    """What somebody uploaded, byte for byte: a download under its name, or `shown` by the browser.

    Nothing of it ever runs: its type is the stored one (`nosniff` holds everywhere), and its policy lets it load
    nothing. `alone` puts it in a sandbox too; not a PDF, from which that would take the browser's reader.
    """
    response = FileResponse(BytesIO(content), as_attachment=not shown, filename=name, content_type=media_type)
    policy = ["default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'", "base-uri 'none'"]
    policy.append("sandbox" if alone or not shown else "object-src 'self'")
    response["Content-Security-Policy"] = "; ".join(policy)
    return response
