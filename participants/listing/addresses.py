"""Addresses of the list of participants."""

from django.http import QueryDict
from django.urls import reverse


def list_address(params: QueryDict, page: str = "participants:list") -> str:
    """The list (or another `page` about the same question) with these parameters, the empty ones left out."""
    params = params.copy()
    for key in list(params):
        if kept := [value for value in params.getlist(key) if value]:
            params.setlist(key, kept)
        else:
            del params[key]
    return f"{reverse(page)}?{params.urlencode()}" if params else reverse(page)
