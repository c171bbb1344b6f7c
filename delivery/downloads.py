"""How stored bytes are handed to a browser. Who may have them, and that it is logged, is the view's affair."""

from io import BytesIO

from django.http import FileResponse

from delivery.models import DocumentFile, JobFile


def file_download(file: DocumentFile | JobFile) -> FileResponse:
    """The stored bytes, byte for byte, as a download under their own name."""
    return FileResponse(BytesIO(file.content), as_attachment=True, filename=file.name, content_type=file.media_type)
