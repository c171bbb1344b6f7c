"""The catalogue is there after migrate, in versions that nobody changes."""

import hashlib

import pytest
import yaml
from django.db import DatabaseError, transaction

from competence.apps import load_reference_data
from competence.catalogue.loading import SHIPPED, CatalogueChanged, catalogue_load
from competence.models import CatalogueArea, CatalogueModule, CatalogueVersion, Competence, SupportLevel
from tests.competence.certificates import drafted, ended_placement, issued

pytestmark = pytest.mark.django_db
SHIPPED_FILE = SHIPPED / "catalogue-2026.1.yaml"


def written(folder, name="catalogue.yaml", **changes):
    """The shipped catalogue with some of it changed, as a file."""
    data = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8")) | changes
    path = folder / name
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_the_shipped_catalogue_is_there_whole():
    version = CatalogueVersion.objects.current()
    assert version.code == "2026.1"
    assert version.source_sha256 == hashlib.sha256(SHIPPED_FILE.read_bytes()).hexdigest()
    data = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8"))
    groups = (*data["modules"], *data["occupational_areas"])
    texts = {each["code"]: each["text"] for group in groups for each in group["competences"]}
    assert dict(Competence.objects.filter(version=version).values_list("code", "text")) == texts
    codes = [module["code"] for module in data["modules"]]
    assert list(CatalogueModule.objects.values_list("code", flat=True)) == codes
    assert CatalogueArea.objects.count() == 20
    assert CatalogueArea.objects.get(code="KOK").occupations[0]["code"] == "9412"
    assert SupportLevel.objects.get(value=0).phrase == ""
    assert list(SupportLevel.objects.filter(needs_evidence=True).values_list("value", flat=True)) == [2, 3, 4]


def test_loading_again_changes_nothing():
    before = list(Competence.objects.values_list("pk", "text"))
    load_reference_data()
    assert list(Competence.objects.values_list("pk", "text")) == before
    assert CatalogueVersion.objects.count() == 1


def test_a_changed_file_with_the_code_of_a_published_version_is_refused(tmp_path):
    path = written(tmp_path, language="en")
    with pytest.raises(CatalogueChanged, match=r"not the version 2026\.1 .* new catalogue_version"):
        catalogue_load(path=path)


def test_a_new_version_is_a_new_set_of_rows_and_drafts_keep_theirs(tmp_path, cast):
    old = drafted(ended_placement(cast.asa), cast.coach)
    version = catalogue_load(path=written(tmp_path, catalogue_version="2027.1"))
    assert CatalogueVersion.objects.current() == version
    assert Competence.objects.filter(code="KOK-01").count() == 2
    assert drafted(ended_placement(cast.bertil), cast.coach).catalogue == version
    old.refresh_from_db()
    assert old.catalogue.code == "2026.1"


@pytest.mark.parametrize("change", [{"text": "Annat."}, None])
def test_not_even_the_database_changes_a_published_wording(change):
    rows = Competence.objects.filter(code="KOK-01")
    with pytest.raises(DatabaseError, match="a published catalogue never changes"), transaction.atomic():
        rows.update(**change) if change else rows.delete()
    with pytest.raises(DatabaseError, match="a published catalogue never changes"), transaction.atomic():
        CatalogueVersion.objects.update(code="2026.2")


def test_what_is_issued_keeps_its_words_whatever_comes(tmp_path, cast):
    version = issued(ended_placement(cast.asa), cast.coach)
    placement = version.certificate.placement
    data = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8"))
    for each in data["occupational_areas"][0]["competences"]:
        each["text"] = "Något annat."
    catalogue_load(path=written(tmp_path, catalogue_version="2027.1", occupational_areas=data["occupational_areas"]))
    placement.workplace.name = "Ett annat namn"
    placement.workplace.save()
    version.refresh_from_db()
    assert version.content["workplace"] == "Köket på Ekbackens förskola"
    practical = next(each for each in version.content["modules"] if each["code"] == "PRAKTISKT")
    assert practical["statements"][0]["text"].startswith("Följer rutiner för hygien")
