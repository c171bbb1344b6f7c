"""A picture that somebody uploads as the municipality's mark, drawn anew as the PNG that documents carry."""

import io

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

LARGEST = 1024 * 1024  # bytes
SMALLEST, WIDEST = 100, 6000  # of a side, in pixels
#: What is kept: at 16 mm on paper that is 700 dots per inch.
KEPT = (1400, 440)


def mark_png(content: bytes) -> tuple[bytes, int, int]:
    """The mark as PNG on white, its width and height: the pixels and nothing else that was in the file.

    ValidationError for what is no PNG, too large or too small.
    """
    from PIL import Image, UnidentifiedImageError

    if len(content) > LARGEST:
        raise ValidationError(
            _("The picture is larger than %(limit)s.") % {"limit": filesizeformat(LARGEST)}, code="large"
        )
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
            if max(opened.size) > WIDEST or max(opened.size) < SMALLEST:
                raise ValidationError(
                    _(
                        "The picture has %(width)d × %(height)d pixels. "
                        "Its longer side must have %(least)d to %(most)d."
                    )
                    % {"width": opened.width, "height": opened.height, "least": SMALLEST, "most": WIDEST}
                )
            opened.verify()  # every chunk, to the last: WeasyPrint lets Pillow take half a picture for a whole one
        with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):  # what Pillow says of broken files
        raise ValidationError(_("This is not a PNG picture that can be read.")) from None
    picture.thumbnail(KEPT)
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    target = io.BytesIO()
    paper.save(target, "PNG", optimize=True)
    return target.getvalue(), *paper.size
