"""What the tests of the list read off its page."""

import re

from django.urls import reverse

LIST = reverse("participants:list")


def names(response) -> list[str]:
    """The names in the rows, in their order."""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', response.content.decode())


def count(response) -> int:
    return int(re.search(r'id="count" role="status">\s*(\d+)', response.content.decode())[1])


def flags(response) -> dict[str, int]:
    """What is to be looked into, with how many."""
    found = re.findall(r'<a class="flag[^>]*>([^<]+) <b>(\d+)</b>', response.content.decode())
    return {label: int(number) for label, number in found}


def tabs(response) -> list[int]:
    """How many are in each list."""
    return [int(number) for number in re.findall(r'class="tab-count">(\d+)<', response.content.decode())]
