"""The yardstick: what a signed-in page of 50 rows costs in Django itself. Three queries: session, user, rows."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from participants.models import Enrolment

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Rows</title></head><body>
<p>{{ request.user.email }}</p>
<table><thead><tr><th>Name</th><th>Born</th><th>Unit</th><th>Group</th><th>Start</th><th>Activity</th></tr></thead>
<tbody>{% for row in rows %}<tr><th><a href="{% url 'participants:file' row.participant.public_id %}">{{ row.participant.full_name }}</a></th><td>{{ row.participant.birth_year }}</td><td>{{ row.unit.code }}</td><td>{{ row.get_target_group_display }}</td><td>{{ row.start|date:"Y-m-d" }}</td><td>{{ row.last_activity_on|date:"Y-m-d" }}</td></tr>{% endfor %}</tbody></table>
</body></html>"""  # noqa: E501


def bare(request: HttpRequest) -> HttpResponse:
    rows = Enrolment.objects.select_related("participant", "unit").order_by("pk")[:50]
    template = engines["django"].from_string(PAGE) if not hasattr(bare, "template") else bare.template
    bare.template = template
    return HttpResponse(template.render({"rows": rows}, request))


urlpatterns = [path("bench/bare/", bare, name="bare"), path("", include("config.urls"))]
