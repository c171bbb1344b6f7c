"""The frame and the parts of every page: safe under the content policy, linked, and true to the address."""

import re
import uuid
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(PROJECT.glob("**/templates/**/*.html"))
TEMPLATES = [path for path in TEMPLATES if ".venv" not in path.parts]

INLINE = {
    "a script of its own": re.compile(r'<script(?![^>]*(?:\bsrc=|type="application/json"))', re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle=", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+=", re.I),
    "htmx code": re.compile(r"\bhx-on|hx-vals=.js:|hx-trigger=\"[^\"]*\[", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.I
    ),
}


class Page(HTMLParser):
    """What a test asks of HTML: its elements as (tag, attributes), and its ids."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag, **wanted):
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]

    @property
    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label="Vad var det?", choices=[("a", "Samtal"), ("b", "Möte")], widget=forms.RadioSelect)
    day = forms.DateField(label="Datum", help_text="Dagen då ni hördes")
    note = forms.CharField(label="Anteckning", required=False)
    read = forms.BooleanField(label="Jag har läst det")
    token = forms.CharField(widget=forms.HiddenInput, initial="x", required=False)

    def clean(self):
        raise forms.ValidationError("Perioden krockar.")


def in_page(source, rf, address, **context):
    """A template's text, rendered as part of the page at `address`."""
    return Template("{% load frame %}" + source).render(Context({"request": rf.get(address), **context}))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_template_has_anything_inline_or_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_own_styles_and_scripts_fetch_nothing_from_elsewhere():
    files = [*PROJECT.glob("static/**/*.css"), *PROJECT.glob("static/**/*.js")]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\([\"']?(?:https?:)?//", text), path
        assert not re.search(r"\beval\(|new Function\(|\.style\b|innerHTML", text), path


class TestForm:
    def test_a_correct_form_has_no_summary_and_marks_in_words_what_is_required(self):
        html = str(ContactForm())
        page = Page(html)
        assert "error-summary" not in html
        assert html.count("måste fyllas i") == 3  # kind, day, read
        assert page.all("fieldset")
        assert len(page.all("input", type="radio")) == 2
        assert page.all("label", **{"for": "id_note"})
        assert page.all("input", type="hidden", name="token")

    def test_every_error_of_the_summary_leads_to_its_field(self):
        page = Page(ContactForm({"day": "igår"}))
        links = [attrs["href"].removeprefix("#") for attrs in page.all("a")]
        assert links == ["id_kind", "id_day", "id_read"]
        assert all(link in page.ids for link in links)
        assert page.all("div", role="alert", tabindex="-1")

    def test_errors_that_belong_to_no_field_stand_in_the_summary(self):
        assert "Perioden krockar." in str(ContactForm({"day": "2026-03-31", "kind": "a", "read": "on"}))

    def test_a_wrong_field_is_marked_and_described_by_its_help_and_its_error(self):
        page = Page(ContactForm({"day": "igår"}))
        (day,) = page.all("input", name="day")
        assert day["value"] == "igår"  # nothing typed is lost
        assert day["aria-invalid"] == "true"
        assert day["aria-describedby"].split() == ["id_day_helptext", "id_day_error"]
        for described in day["aria-describedby"].split():
            assert page.ids.count(described) == 1

    def test_no_id_stands_twice(self):
        page = Page(ContactForm({}))
        assert len(page.ids) == len(set(page.ids))

    def test_a_field_can_stand_alone(self):
        group = ContactForm()["day"].as_field_group()
        assert "Dagen då ni hördes" in group
        assert "error-summary" not in group

    def test_what_people_type_is_escaped(self):
        assert "<b>x" not in str(ContactForm({"note": '"><b>x', "day": "<b>x"}))

    def test_a_class_of_the_widget_is_kept_beside_ours(self):
        class Classed(forms.Form):
            hours = forms.IntegerField(widget=forms.NumberInput(attrs={"class": "narrow"}))

        (hours,) = Page(Classed()).all("input")
        assert hours["class"] == "ds-input narrow"


class TestSorting:
    def heading(self, rf, address):
        page = Page(in_page('{% sort_heading "name" "Namn" default="name" %}', rf, address))
        return page.all("th")[0].get("aria-sort"), page.all("a")[0]["href"]

    def test_the_order_of_the_address_is_shown_and_can_be_turned(self, rf):
        assert self.heading(rf, "/?sort=name") == ("ascending", "?sort=-name")
        assert self.heading(rf, "/?sort=-name") == ("descending", "?sort=name")
        assert self.heading(rf, "/?sort=day") == (None, "?sort=name")

    def test_without_an_order_in_the_address_the_default_counts(self, rf):
        assert self.heading(rf, "/") == ("ascending", "?sort=-name")

    def test_it_keeps_the_filters_and_leaves_the_page(self, rf):
        _direction, href = self.heading(rf, "/?status=a&status=b&q=%C3%A5&page=3")
        assert href == "?status=a&status=b&q=%C3%A5&sort=name" or href.endswith("sort=-name")
        assert "status=a&status=b&q=%C3%A5" in href
        assert "page" not in href


class FilterForm(forms.Form):
    q = forms.CharField(label="Sök", required=False)
    status = forms.MultipleChoiceField(label="Status", choices=[("a", "Pågår"), ("b", "Avslutad")], required=False)
    mine = forms.BooleanField(label="Bara mina", required=False)


class TestFilterChips:
    def chips(self, rf, address):
        request = rf.get(address)
        html = in_page("{% filter_chips form %}", rf, address, form=FilterForm(request.GET))
        return html, [attrs["href"] for attrs in Page(html).all("a")]

    def test_each_choice_is_a_link_that_takes_only_that_choice_away(self, rf):
        html, links = self.chips(rf, "/?status=a&status=b&q=%C3%A5sa&page=2&sort=day")
        assert "Status: Pågår" in html
        assert "Status: Avslutad" in html
        assert "Sök: åsa" in html
        assert links == [
            "?status=a&status=b&sort=day",
            "?status=b&q=%C3%A5sa&sort=day",
            "?status=a&q=%C3%A5sa&sort=day",
            "?sort=day",  # all away
        ]

    def test_a_ticked_box_says_yes(self, rf):
        html, links = self.chips(rf, "/?mine=on")
        assert "Bara mina: ja" in html
        assert links == ["?"]

    def test_nothing_chosen_shows_nothing(self, rf):
        html, links = self.chips(rf, "/?q=&page=2")
        assert (html.strip(), links) == ("", [])

    def test_what_people_search_for_is_escaped(self, rf):
        html, _links = self.chips(rf, "/?q=%3Cb%3Ex")
        assert "<b>" not in html


class TestPagination:
    def pages(self, rf, address, number, count=500):
        page = Paginator(range(count), 50).get_page(number)
        return in_page("{% pagination page %}", rf, address, page=page)

    def test_it_keeps_the_address_and_marks_the_page(self, rf):
        html = self.pages(rf, "/?q=a&page=4", 4)
        page = Page(html)
        (current,) = page.all("a", **{"aria-current": "page"})
        assert current["href"] == "?q=a&page=4"
        assert page.all("a", rel="prev")[0]["href"] == "?q=a&page=3"
        assert page.all("a", rel="next")[0]["href"] == "?q=a&page=5"
        assert "151–200 av 500" in html

    def test_one_page_needs_no_links(self, rf):
        assert self.pages(rf, "/", 1, count=50).strip() == ""


def test_the_step_line_says_in_words_where_somebody_stands():
    steps = [
        {"label": "Plan", "state": "done"},
        {"label": "Placering", "state": "now"},
        {"label": "Arbete", "state": "todo"},
    ]
    html = render_to_string("components/steps.html", {"steps": [step | {"note": ""} for step in steps]})
    for word in ("Klart", "Här nu", "Inte än"):
        assert word in html
    assert len(Page(html).all("li", **{"aria-current": "step"})) == 1


class TestPages:
    def test_the_accessibility_statement_is_public(self, client, db):
        response = client.get("/tillganglighet/")
        html = response.content.decode()
        assert response.status_code == 200
        assert "2018:1937" in html
        assert "digg.se/tdosanmalan" in html
        self.is_whole(response)

    @pytest.mark.parametrize("name", ["400", "403_csrf", "500"])
    def test_an_error_page_needs_no_context(self, name):
        html = render_to_string(f"{name}.html")
        assert "<h1>" in html
        assert 'href="/"' in html

    def test_what_is_not_there_and_what_may_not_be_seen_look_the_same(self, client, cast):
        client.force_login(cast.outsider)
        answers = [
            client.get(address)
            for address in (f"/deltagare/{cast.person.public_id}/", f"/deltagare/{uuid.uuid4()}/", "/finns-inte/")
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert len({answer.content for answer in answers}) == 1
        self.is_whole(answers[0])

    def test_the_menu_has_what_the_role_has_use_for(self, client, cast):
        def menu(user):
            client.force_login(user)
            html = client.get("/finns-inte/").content.decode()
            found = re.search(r'<nav class="main-nav".*?</nav>', html, re.S)
            return re.findall(r">([^<]+)</a>", found.group()) if found else []

        work = ["Deltagare", "Anvisningar", "Grupper", "Närvaro", "Platser", "Jobbspår", "Intyg"]
        assert menu(cast.coach) == ["Min dag", *work]
        assert menu(cast.manager) == ["Enheten", *work, "Rapporter"]
        assert menu(cast.union_representative) == ["Samråd"]
        assert menu(cast.analyst) == ["Jobbspår", "Rapporter"]
        assert menu(cast.administrator) == ["Jobbspår", "Administration"]

    def is_whole(self, response):
        """One heading, a skip link that leads somewhere, no id twice, nothing inline, one language."""
        html = response.content.decode()
        page = Page(html)
        assert len(page.all("h1")) == 1
        assert page.all("html", lang="sv")
        assert page.all("a", href="#main")
        assert page.all("main", id="main")
        assert len(page.ids) == len(set(page.ids))
        assert [what for what, pattern in INLINE.items() if pattern.search(html)] == []
        assert "'unsafe" not in response["Content-Security-Policy"]
