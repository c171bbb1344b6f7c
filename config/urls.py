from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("konto/", include("allauth.urls")),
    path("", include("delivery.urls")),
]
