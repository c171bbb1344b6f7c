"""Small pictures for tests."""

import io

from PIL import Image


def png(size: tuple[int, int] = (300, 200), colour: str = "#14505c") -> bytes:
    """A PNG of one colour with a see-through edge."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    picture.paste(Image.new("RGBA", (size[0] - 20, size[1] - 20), colour), (10, 10))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
