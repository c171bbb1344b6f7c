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
