"""The pictures of job tracks for any page: {% load track_pictures %}, then {% staircase round %},
{% track_flow round %}, {% track_times round %}.

Each takes a round, a version of a track, or a track. They bring their style sheet along.
"""

from django import template

from tracks.models import Round, Track, TrackVersion
from tracks.pictures.moving import flow_picture, moved_in, time_picture, told_in, took_in
from tracks.pictures.staircase import staircase_of_round, staircase_of_version

register = template.Library()

Subject = Round | TrackVersion | Track


@register.inclusion_tag("tracks/pictures/_staircase.html", takes_context=True)
def staircase(context, subject: Subject) -> dict:
    """The steps as stairs; of a round with those on them, by name whom the reader may see."""
    if isinstance(subject, Round):
        return {"picture": staircase_of_round(subject, context["request"].user)}
    version = version_of(subject)
    return {"picture": staircase_of_version(version) if version else None}


@register.inclusion_tag("tracks/pictures/_flow.html", takes_context=True)
def track_flow(context, subject: Subject) -> dict:
    """How many came to each step, went on, are there and left; of a track over all its rounds."""
    moved = moved_in(_rounds(subject), context["request"].user)
    version = version_of(subject)
    steps = list(version.steps.all()) if version else []
    return {"picture": flow_picture(_key(subject), steps, told_in(moved))}


@register.inclusion_tag("tracks/pictures/_times.html", takes_context=True)
def track_times(context, subject: Subject) -> dict:
    """How long each step has taken, beside what it is meant to take."""
    moved = moved_in(_rounds(subject), context["request"].user)
    version = version_of(subject)
    steps = list(version.steps.all()) if version else []
    return {"picture": time_picture(_key(subject), steps, took_in(moved))}


def version_of(subject: Subject) -> TrackVersion | None:
    """Whose steps are drawn: the round's, or those of the track that was published last, else its draft."""
    if isinstance(subject, Round):
        return subject.version
    if isinstance(subject, TrackVersion):
        return subject
    return subject.versions.published().order_by("-number").first() or subject.versions.first()


def _rounds(subject: Subject) -> list[Round]:
    if isinstance(subject, Round):
        return [subject]
    if isinstance(subject, TrackVersion):
        return list(subject.rounds.all())
    return list(Round.objects.filter(version__track=subject))


def _key(subject: Subject) -> str:
    return f"{subject._meta.model_name}-{subject.pk}"
