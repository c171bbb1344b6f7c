"""Comments of a report: plain text as paragraphs and lists."""

import pytest
from django.template.loader import render_to_string

from reporting.telling.comments import Part, paragraphs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n\n \t\n", []),
        ("En rad.", [Part("En rad.")]),
        ("En rad.\nEn till.\n\n\nNytt stycke.", [Part("En rad.\nEn till."), Part("Nytt stycke.")]),
        (
            "Vi ska:\n- börja\n- sluta\nSedan vila.",
            [Part("Vi ska:"), Part(items=("börja", "sluta")), Part("Sedan vila.")],
        ),
        ("* en\n• två\n– tre", [Part(items=("en", "två", "tre"))]),
        ("- lång\n  fortsättning\n- nästa", [Part(items=("lång fortsättning", "nästa"))]),
        ("- en\n\n- två", [Part(items=("en",)), Part(items=("två",))]),
        ("-5 grader\n--", [Part("-5 grader\n--")]),
        ("Rad\r\noch rad", [Part("Rad\noch rad")]),
    ],
)
def test_blank_lines_end_paragraphs_and_dashes_make_lists(text, parts):
    assert paragraphs(text) == parts


def test_what_looks_like_markup_is_shown_as_it_was_typed():
    html = render_to_string("reporting/_comment.html", {"parts": paragraphs("<b>Nej</b>\n- <script>x</script>")})
    assert html.strip() == ("<p>&lt;b&gt;Nej&lt;/b&gt;</p><ul><li>&lt;script&gt;x&lt;/script&gt;</li></ul>")
