"""The municipality's mark and colour on its documents."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image, PngImagePlugin

from accounts import municipal
from delivery.colour import contrast_with_white
from delivery.marks.services import mark_choose, mark_content, mark_in_force, mark_remove
from delivery.models import DocumentMark
from delivery.municipal import DOCUMENT_COLOUR
from tests.pictures import png


@pytest.fixture
def page(client, cast):
    client.force_login(cast.administrator)
    return reverse("delivery:mark")


def test_a_picture_is_drawn_anew_on_white_with_nothing_else_in_it(cast):
    picture, notes = Image.new("RGBA", (2800, 880), (0, 0, 0, 0)), PngImagePlugin.PngInfo()
    notes.add_text("Author", "hemligt", zip=False)
    target = io.BytesIO()
    picture.save(target, "PNG", pnginfo=notes)
    mark = mark_choose(content=target.getvalue(), actor=cast.administrator)
    content = mark_content(mark.sha256)
    assert b"hemligt" not in content
    kept = Image.open(io.BytesIO(content))
    assert (kept.size, kept.mode, kept.getpixel((0, 0))) == ((1400, 440), "RGB", (255, 255, 255))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "ingen PNG-bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "ingen PNG-bild"),
        (png()[:200], "ingen PNG-bild"),
        (png((60, 40)), "60 × 40"),
        (png() + b"x" * 1024 * 1024, "större än"),
    ],
)
def test_what_is_no_mark_is_refused_beside_the_field(client, page, content, said):
    response = client.post(page, {"picture": SimpleUploadedFile("m.png", content, "image/png")})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not DocumentMark.objects.exists()


def test_every_mark_there_was_is_kept_with_who_chose_it(client, page, cast):
    first = png()
    client.post(page, {"picture": SimpleUploadedFile("m.png", first, "image/png")})
    client.post(page, {"picture": SimpleUploadedFile("m.png", first, "image/png")})  # the same: nothing changes
    before = mark_in_force()
    client.post(page, {"picture": SimpleUploadedFile("m.png", png(colour="#aa0000"), "image/png")})
    client.post(page, {"remove": "1"})  # no picture, and nothing that removes the one there is
    without = reverse("delivery:mark_remove")
    assert "Utfärda intyg utan märke?" in client.get(without).content.decode()
    assert mark_in_force()
    for _press in range(2):
        client.post(without)
    assert mark_in_force() is None
    assert mark_content(before.sha256)
    assert [(each.by_name, bool(each.sha256)) for each in DocumentMark.objects.all()] == [
        ("Ingrid Is", False), ("Ingrid Is", True), ("Ingrid Is", True),
    ]  # fmt: skip
    mark_remove(actor=cast.administrator)
    assert DocumentMark.objects.count() == 3
    for forge in (lambda: DocumentMark.objects.update(sha256=""), DocumentMark.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
            forge()


def test_a_colour_must_be_readable_on_white(client, cast):
    client.force_login(cast.administrator)
    address = reverse("accounts:setting_edit", args=["document_colour"])
    refused = {"#ffe066": "kontrasten är 1,3 till 1", "röd": "till exempel #14505c", "#14505": "till exempel #14505c"}
    for value, said in refused.items():
        response = client.post(address, {"value": value})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert client.post(address, {"value": "7A1F2B"}).status_code == 302
    assert municipal.value_of(DOCUMENT_COLOUR.key) == "#7a1f2b"


def test_contrast_is_counted_as_the_guidelines_do():
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)  # the lightest grey that passes
    assert contrast_with_white(DOCUMENT_COLOUR.default) > 4.5
