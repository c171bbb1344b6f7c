"""The ways from the pages of job tracks to what is told of them here."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.querysets import CASE_ROLES
from reporting.permissions import can_see_tracks
from tracks.models import Round
from tracks.providers import AreaPage, Subject, SubjectPage, area_pages, subject_pages


def join() -> None:
    subject_pages.append(SubjectPage(_("Staircase, flow and times"), _pictures, _sees_pictures))
    subject_pages.append(SubjectPage(_("Page for the steering group"), _steering, can_see_tracks))
    area_pages.append(AreaPage(_("Compare"), "track_pictures:compare", ("/jobbspar/jamfor/",), can_see_tracks))


def _pictures(subject: Subject) -> str:
    name = "pictures_of_round" if isinstance(subject, Round) else "pictures_of_track"
    return reverse(f"track_pictures:{name}", args=[subject.public_id])


def _steering(subject: Subject) -> str:
    return reverse(f"track_pictures:{'round' if isinstance(subject, Round) else 'track'}", args=[subject.public_id])


def _sees_pictures(user: User) -> bool:
    return user.reach.has(*CASE_ROLES)
