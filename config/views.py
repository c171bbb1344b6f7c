"""The pages of the house itself, which belong to no app."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import municipal


@login_not_required
@require_safe
def accessibility(request):
    """The accessibility statement that the act on accessibility to digital public service asks for."""
    return render(
        request,
        "accessibility.html",
        {"contact": municipal.value_of(municipal.ACCESSIBILITY_CONTACT.key)},
    )
