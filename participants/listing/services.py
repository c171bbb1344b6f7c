"""Saving a filter of the list of participants, changing it, throwing it away."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import SavedFilter

#: More names than that nobody finds anything among.
MOST = 20


class NameTaken(Exception):
    """The user has another filter with this name."""


@transaction.atomic
def saved_filter_create(
    *, user: User, name: str, choices: dict, is_default: bool, replaces: bool = False
) -> SavedFilter:
    """Save `choices` under a name. With `replaces`, a filter of that name gets the choices in place of its own, and
    the list goes on to begin with it if it did.

    The same once more is the same filter. Raises NameTaken, and ValidationError when there are too many.
    """
    _lock(user)
    saved = SavedFilter.objects.filter(user=user, name__iexact=name).first()
    if saved and saved.choices != choices and not replaces:
        raise NameTaken
    if saved is None:
        if SavedFilter.objects.filter(user=user).count() >= MOST:
            raise ValidationError(
                _("You have %(most)s saved filters already. Throw one away first.") % {"most": MOST}
            )
        saved = SavedFilter(user=user)
    saved.name, saved.choices = name, choices
    return _store(saved, is_default=is_default or saved.is_default)


@transaction.atomic
def saved_filter_change(*, saved: SavedFilter, name: str, is_default: bool) -> SavedFilter:
    """Give a filter another name, or have the list begin with it or not. Raises NameTaken, and
    SavedFilter.DoesNotExist when it has been thrown away."""
    _lock(saved.user)
    saved = SavedFilter.objects.get(pk=saved.pk)
    if SavedFilter.objects.filter(user=saved.user, name__iexact=name).exclude(pk=saved.pk).exists():
        raise NameTaken
    saved.name = name
    return _store(saved, is_default=is_default)


@transaction.atomic
def saved_filter_delete(*, saved: SavedFilter) -> None:
    """Throw a filter away. Twice is once."""
    _lock(saved.user)
    SavedFilter.objects.filter(pk=saved.pk).delete()


def _lock(user: User) -> None:
    """One change of a user's filters at a time: how many there are, and which is the default, are rules about all."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _store(saved: SavedFilter, *, is_default: bool) -> SavedFilter:
    if is_default:
        SavedFilter.objects.filter(user=saved.user, is_default=True).exclude(pk=saved.pk).update(is_default=False)
    saved.is_default = is_default
    saved.save()
    return saved
