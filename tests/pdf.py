"""Looking at a PDF as its reader does: pages, their size, their text, and where there is ink on them."""

import io
import os
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

#: A4 in millimetres.
A4 = (210.0, 297.0)
#: Of the pictures that are measured. One pixel is then 0.25 mm.
DOTS_PER_INCH = 100
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Page:
    """One page: width and height in mm, its text in reading order, and how it looks."""

    size: tuple[float, float]
    text: str
    picture: Image.Image

    @property
    def ink(self) -> tuple[float, float, float, float]:
        """How far from the paper's edges the first ink is, in mm: left, top, right, bottom."""
        white = Image.new("L", self.picture.size, 255)
        difference = ImageChops.difference(self.picture.convert("L"), white).point(lambda shade: 255 * (shade > 8))
        left, top, right, bottom = difference.getbbox() or (0, 0, 0, 0)
        across, down = self.size[0] / self.picture.width, self.size[1] / self.picture.height
        return (
            left * across,
            top * down,
            (self.picture.width - right) * across,
            (self.picture.height - bottom) * down,
        )


def pages(content: bytes, *, name: str = "") -> list[Page]:
    """The pages of a PDF. With `name`, pictures of them are kept in the folder that JOBBSPAR_PICTURES names, if it
    does: somebody should look at them."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    found = []
    try:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            picture = page.render(scale=DOTS_PER_INCH / 72).to_pil()
            text = page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\ufffe", "-")
            found.append(Page((width / POINTS_PER_MM, height / POINTS_PER_MM), text, picture))
            if name and (folder := os.environ.get("JOBBSPAR_PICTURES")):
                picture.save(Path(folder) / f"{name}-{number}.png")
    finally:
        document.close()
    return found


def text_of(content: bytes) -> str:
    """All text of a PDF, every run of white space as one space."""
    return " ".join(" ".join(page.text for page in pages(content)).split())


def check_paper(content: bytes, *, margin: float, name: str = "", most: int | None = None) -> list[Page]:
    """The pages, after the proof that each is an A4 with no ink within `margin` mm of the edge, that none is empty,
    and that there are at most `most`."""
    found = pages(content, name=name)
    assert found
    assert most is None or len(found) <= most, f"{len(found)} pages"
    for number, page in enumerate(found, 1):
        assert all(abs(is_ - should) < 0.5 for is_, should in zip(page.size, A4, strict=True)), page.size
        assert page.text.strip(), f"page {number} is empty"
        assert min(page.ink) >= margin, f"page {number}: ink {page.ink} mm from the edges"
    return found


def fonts_embedded(content: bytes) -> bool:
    """Whether every font of the PDF travels with it."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        dictionaries = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        descriptors = [each for each in dictionaries if each.get("/Type") == "/FontDescriptor"]
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        return bool(descriptors) and all(any(file in each for file in files) for each in descriptors)
