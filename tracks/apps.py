from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TracksConfig(AppConfig):
    name = "tracks"
    verbose_name = _("job tracks")

    def ready(self):
        from tracks.members import day, endings, file, first_day
        from tracks.steering import day as steering_day

        for concept in (file, endings, first_day, day, steering_day):
            concept.join()
        post_migrate.connect(load_reference_data, sender=self)


def load_reference_data(**_kwargs):
    """After migrate, and after a flush, so that the shipped tracks are always there."""
    from tracks.loading import tracks_load

    tracks_load()
