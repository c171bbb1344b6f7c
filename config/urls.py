from django.urls import include, path

from config import health, metrics, views

handler403 = views.permission_denied
handler500 = views.server_error

urlpatterns = [
    path("", views.start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("konto/", include("accounts.sign_in.urls")),
    path("", include("placements.urls")),
    path("min-dag/", include("participants.day.urls")),
    path("efteruppfoljning/", include("participants.asking.urls")),
    path("enheten/", include("participants.caseload.urls")),
    path("ersattare/", include("participants.deputies.urls")),
    path("", include("placements.groups.urls")),
    path("deltagare/", include("participants.mapping.urls")),
    path("deltagare/", include("participants.urls")),
    path("sammanslagningar/", include("participants.merging.urls")),
    path("anvisningar/", include("participants.referrals.urls")),
    path("", include("competence.urls")),
    path("rapporter/", include("reporting.urls")),
    path("administration/", include("accounts.urls")),
    path("administration/insatsformer/", include("vocabulary.urls")),
    path("administration/kartlaggning/", include("participants.mapping.urls_questions")),
    path("administration/personnummer/", include("participants.person.urls_questions")),
    path("administration/inskrivningar/", include("participants.enrolling.urls_questions")),
    path("", include("delivery.urls")),
    path("administration/register/", include("exchange.urls")),
]
