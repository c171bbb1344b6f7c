from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class VocabularyConfig(AppConfig):
    name = "vocabulary"
    verbose_name = _("vocabulary")

    def ready(self):
        from accounts.providers import AdministrationEntry, administration_entries

        administration_entries.append(
            AdministrationEntry(
                label=_("Forms of activity"),
                description=_("Which activities can be chosen in plans and groups, and on which days."),
                url_name="vocabulary:activity_form_list",
            )
        )
        post_migrate.connect(load_reference_data, sender=self)


def load_reference_data(**_kwargs):
    """After migrate, and after a flush, so that reference data is always there."""
    from vocabulary.services import activity_forms_load, occupational_areas_load, occupations_load

    occupational_areas_load()
    activity_forms_load()
    occupations_load()
