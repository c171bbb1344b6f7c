"""What the tests of the catalogue share: a draft, and a part's form as its page shows it, with changes."""

from django.urls import reverse

from competence.models import CatalogueVersion


def draft(client) -> CatalogueVersion:
    """A draft from the version in use, begun through the page."""
    client.post(reverse("catalogue:begin"))
    return CatalogueVersion.objects.drafts().latest("pk")


def address(name: str, version: CatalogueVersion, *args) -> str:
    return reverse(f"catalogue:{name}", args=[version.pk, *args])


def shown(client, url: str) -> dict:
    """What the page's form would send if nobody typed anything."""
    return sent_of(client.get(url))


def sent_of(response) -> dict:
    """What the form of that page would send as it stands."""
    context = response.context
    rows = context.get("rows")
    forms = [context["form"], *([rows.management_form, *rows.forms] if rows else [])]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value != "" and value is not False:
                sent[field.html_name] = value
    return sent


def row_of(sent: dict, code: str) -> str:
    """The prefix of the statement with that code; with no code the first empty line."""
    if code:
        return next(name for name, value in sent.items() if value == code and name.endswith("-code")).removesuffix(
            "code"
        )
    return f"rad-{sent['rad-INITIAL_FORMS']}-"
