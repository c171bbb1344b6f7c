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
    path("min-dag/", include("participants.urls.day")),
    path("efteruppfoljning/", include("participants.urls.asking")),
    path("enheten/", include("participants.urls.caseload")),
    path("ersattare/", include("participants.urls.deputies")),
    path("", include("placements.urls.groups")),
    path("platser/", include("placements.urls.employers")),
    path("platser/", include("placements.urls.supervisors")),
    path("", include("placements.urls.offers")),
    path("", include("placements.urls.matching")),
    path("platser/", include("placements.urls.places")),
    path("", include("placements.urls.monthly")),
    path("kalender/", include("placements.urls.feeds")),
    path("narvaro/", include("placements.urls.marking")),
    path("", include("placements.urls.booking")),
    path("deltagare/", include("participants.urls.mapping")),
    path("deltagare/", include("participants.urls")),
    path("sammanslagningar/", include("participants.urls.merging")),
    path("anvisningar/", include("participants.urls.referrals")),
    path("intyg/omgangar/", include("competence.urls.rounds")),
    path("", include("competence.urls")),
    path("", include("competence.urls.assessing")),
    path("", include("competence.urls.credentials")),
    path("jobbspar/omgangar/", include("tracks.urls.rounds")),
    path("", include("tracks.urls.members")),
    path("rapporter/", include("reporting.urls")),
    path("administration/", include("accounts.urls")),
    path("administration/insatsformer/", include("vocabulary.urls")),
    path("administration/kompetenskatalog/", include("competence.urls.catalogue")),
    path("administration/kartlaggning/", include("participants.urls.mapping_questions")),
    path("administration/personnummer/", include("participants.urls.number_questions")),
    path("administration/inskrivningar/", include("participants.urls.enrolment_questions")),
    path("", include("delivery.urls")),
    path("administration/register/", include("exchange.urls")),
]
