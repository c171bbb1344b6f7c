"""Pages about job tracks: followed up, beside each other, for the steering group, and in pictures."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import municipal
from participants.querysets import CASE_ROLES
from reporting import permissions
from reporting.engine import answer_all
from reporting.figures.tracks import STEERING_FIGURES, TRACK_FIGURES
from reporting.forms import TrackQuestionForm
from reporting.moment import at_one_moment
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.statement import state
from reporting.telling import presentation
from reporting.tracks.counted import counted
from reporting.tracks.page import comparison, steering_page
from tracks.models import Round, Track
from tracks.querysets import READING_ROLES
from tracks.rounds.views import round_of


@require_safe
def followed_up(request: HttpRequest) -> HttpResponse:
    """The figures of job tracks for a period, of all tracks or of the rounds of one. Internal: small numbers are
    shown, and every number opens the list behind it."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    form = TrackQuestionForm(request.GET, user=request.user)
    context = {"form": form}
    if form.is_valid():
        question = form.question
        figures = STEERING_FIGURES if question.track else TRACK_FIGURES
        statements = at_one_moment(lambda: [state(each) for each in answer_all(question.compared, figures)])
        context |= {
            "question": question,
            "query": urlencode(question.address),
            "shown": presentation.present(statements, linked=True),
        }
    return render(request, "reporting/tracks/followed_up.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """All tracks and methods beside each other, since the first round began; small numbers are hidden."""
    _may_see(request)
    tree = at_one_moment(lambda: counted(timezone.localdate()))
    context = {"tree": tree, "shown": comparison(tree, _threshold(), linked=_sees_lists(request))}
    return render(request, "reporting/tracks/compare.html", context)


@require_safe
def steering_of_track(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the steering group reads about a track: on one sheet, nobody named, small numbers hidden."""
    _may_see(request)
    return _steering(request, get_object_or_404(Track.objects.published(), public_id=public_id))


@require_safe
def steering_of_round(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The same of one round."""
    _may_see(request)
    rounds = Round.objects.select_related("version__track", "unit")
    return _steering(request, get_object_or_404(rounds, public_id=public_id))


def _steering(request: HttpRequest, subject: Track | Round) -> HttpResponse:
    tree = at_one_moment(lambda: counted(timezone.localdate()))
    context = {
        "subject": subject,
        "track": subject.version.track if isinstance(subject, Round) else subject,
        "round": subject if isinstance(subject, Round) else None,
        "tree": tree,
        "shown": steering_page(tree, subject, _threshold(), linked=_sees_lists(request)),
        "sees_pictures": request.user.reach.has(*CASE_ROLES),
        "reads_tracks": request.user.reach.has(*READING_ROLES),
    }
    return render(request, "reporting/tracks/steering.html", context)


@require_safe
def pictures_of_track(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The steps of a track, and how people move through them in all its rounds."""
    if not request.user.reach.has(*CASE_ROLES):
        raise PermissionDenied
    track = get_object_or_404(Track.objects.visible_to(request.user), public_id=public_id)
    return render(request, "reporting/tracks/pictures.html", {"subject": track, "track": track, "round": None})


@require_safe
def pictures_of_round(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A round with its people on the steps: by name whom the reader may see, the others as a number."""
    if not request.user.reach.has(*CASE_ROLES):
        raise PermissionDenied
    found = round_of(request, public_id, opening=True, part="pictures")
    context = {"subject": found, "track": found.version.track, "round": found}
    return render(request, "reporting/tracks/pictures.html", context)


def _may_see(request: HttpRequest) -> None:
    if not permissions.can_see_tracks(request.user):
        raise PermissionDenied


def _sees_lists(request: HttpRequest) -> bool:
    """Whether numbers of the whole municipality open the lists behind them."""
    return permissions.can_see_list_of(request.user, None)


def _threshold() -> int:
    return municipal.value_of(DISCLOSURE_THRESHOLD.key)
