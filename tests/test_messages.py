"""The Swedish catalogue is whole, and the tool that keeps it finds what it should."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation

PROJECT = Path(__file__).resolve().parent.parent

TEMPLATE = """\
{% load i18n %}
{% translate "Save" %}|{% translate "May" context "month" %}|{{ nothing|default:_("Empty") }}|
{% blocktranslate with name=who trimmed %}
    Write to {{ name }},
    100 % sure
{% endblocktranslate %}|
{% blocktranslate count n=count trimmed %}
    {{ n }} dog
  {% plural %}
    {{ n }} dogs
{% endblocktranslate %}|{# Translators: a word { % unbalanced ( #}
  <p>It's "text (with marks</p>
"""
CODE = """\
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

LABEL = _(
    "A long "
    "label"
)


def words(n):
    return ngettext("%(n)s cat", "%(n)s cats", n) % {"n": n}, pgettext("rank", "Private")
"""
SWEDISH = {
    "Save": "Spara",
    "Empty": "Tomt",
    "A long label": "En lång etikett",
    "Write to %(name)s, 100 %% sure": "Skriv till %(name)s, 100 %% säkert",
    "plural": {"%(n)s dog": ["%(n)s hund", "%(n)s hundar"], "%(n)s cat": ["en katt", "%(n)s katter"]},
    "context": {"month": {"May": "maj"}, "rank": {"Private": "menig"}},
}


def messages(root, *arguments, given=None):
    """Run the tool as a person would; the finished process."""
    return subprocess.run(
        [sys.executable, PROJECT / "scripts" / "messages", "--root", root, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def project(tmp_path):
    """A small project with one template and one module, nothing translated."""
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    (tmp_path / "shop" / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "shop" / "views.py").write_text(CODE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def translated(project):
    done = messages(project, "add", "-", given=json.dumps(SWEDISH))
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def catalogue(root):
    return root / "locale" / "sv" / "LC_MESSAGES" / "django.po"


def test_every_message_of_the_project_has_its_swedish_words():
    done = messages(PROJECT, "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_missing_messages_are_listed_with_where_they_stand(project):
    done = messages(project, "check")
    assert done.returncode == 1
    assert "missing: 'Save' (shop/templates/page.html)" in done.stdout
    assert "missing: 'A long label' (shop/views.py)" in done.stdout


def test_what_is_missing_comes_as_json_that_add_takes(project):
    skeleton = json.loads(messages(project, "missing").stdout)
    assert set(skeleton) == set(SWEDISH)
    assert set(skeleton["plural"]) == set(SWEDISH["plural"])
    assert skeleton["context"]["month"] == {"May": ""}


def test_one_planted_message_is_found(translated):
    assert messages(translated, "check").returncode == 0
    (translated / "shop" / "more.py").write_text('from x import gettext\nY = gettext("Planted")\n')
    done = messages(translated, "check")
    assert done.returncode == 1
    assert "missing: 'Planted'" in done.stdout


def test_a_message_that_nothing_uses_is_told_and_dropped_by_update(translated):
    (translated / "shop" / "views.py").write_text("")
    done = messages(translated, "check")
    assert done.returncode == 1
    assert "unused: 'A long label'" in done.stdout
    assert messages(translated, "update").returncode == 0
    assert messages(translated, "check").returncode == 0
    assert "Spara" in catalogue(translated).read_text()


def test_a_fuzzy_translation_is_not_accepted(translated):
    po = catalogue(translated)
    po.write_text(po.read_text().replace('msgid "Save"', '#, fuzzy\nmsgid "Save"'))
    done = messages(translated, "check")
    assert done.returncode == 1
    assert "fuzzy: 'Save'" in done.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        {"Write to %(name)s, 100 %% sure": "Skriv till %(namn)s, 100 %% säkert"},
        {"Write to %(name)s, 100 %% sure": "Skriv, 100 %% säkert"},
        {"plural": {"%(n)s dog": ["%(n)s hund", "hundar"]}},
        {"plural": {"%(n)s dog": ["%(antal)s hund", "%(n)s hundar"]}},
    ],
)
def test_a_translation_must_name_the_variables_of_its_original(translated, wrong):
    before = catalogue(translated).read_text()
    done = messages(translated, "add", "-", given=json.dumps(wrong))
    assert done.returncode == 1
    assert "other variables than the original" in done.stdout
    assert catalogue(translated).read_text() == before


def test_words_for_a_message_that_is_not_in_the_code_are_refused(translated):
    done = messages(translated, "add", "-", given='{"Never said": "Aldrig sagt"}')
    assert done.returncode == 1
    assert "not in the code: 'Never said'" in done.stdout


def test_the_catalogue_is_stable_and_names_no_lines(translated):
    before = catalogue(translated).read_text()
    assert messages(translated, "update").returncode == 0
    assert catalogue(translated).read_text() == before
    assert "#:" not in before
    assert before.index('"A long label"') < before.index('"Save"')


def test_adding_at_the_same_time_loses_nothing(project):
    words = {"Save": "Spara", "Empty": "Tomt", "A long label": "En lång etikett"}
    started = []
    for number, pair in enumerate(words.items()):
        file = project / f"{number}.json"
        file.write_text(json.dumps(dict([pair])))
        started.append(
            subprocess.Popen(
                [sys.executable, PROJECT / "scripts" / "messages", "--root", project, "add", file],
                stdout=subprocess.DEVNULL,
            )
        )
    assert [process.wait(60) for process in started] == [0, 0, 0]
    text = catalogue(project).read_text()
    assert all(f'msgstr "{swedish}"' in text for swedish in words.values())


def test_what_is_extracted_is_what_django_looks_up(translated):
    """Trimmed blocks, plurals, contexts and per cent signs: the compiled catalogue answers what a template asks."""
    assert messages(translated, "compile").returncode == 0
    with override_settings(LOCALE_PATHS=[translated / "locale"]), translation.override("sv"):
        page = Template(TEMPLATE).render(Context({"who": "Åsa", "count": 2, "nothing": ""}))
        one = Template(TEMPLATE).render(Context({"who": "Åsa", "count": 1, "nothing": ""}))
    parts = [part.strip() for part in page.split("|")]
    assert parts[:5] == ["Spara", "maj", "Tomt", "Skriv till Åsa, 100 % säkert", "2 hundar"]
    assert "1 hund|" in one
