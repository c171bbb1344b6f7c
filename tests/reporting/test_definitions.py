from django.core.management import call_command
from django.urls import reverse

from reporting.figures import FIGURES, find_table


def test_the_document_says_what_the_code_does():
    call_command("document_statistics", "--check")


def test_the_definitions_page_explains_every_figure(cast, client):
    for user in (cast.manager, cast.analyst):
        client.force_login(user)
        content = client.get(reverse("reporting:definitions")).content.decode()
        for figure in FIGURES:
            assert str(figure.label) in content
            assert figure.kolada in content
            for breakdown in figure.breakdowns:
                for category in breakdown.rows.categories if breakdown.rows else ():
                    assert str(category.definition) in content


def test_every_linked_table_exists_and_every_table_has_one_definition():
    tables = [breakdown.table for figure in FIGURES for breakdown in figure.breakdowns]
    assert len(tables) == len(set(tables))
    assert all(find_table(key) for figure in FIGURES for key in figure.linked)
