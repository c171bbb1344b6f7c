from django.urls import path

from participants.day import views
from participants.digest.views import digest

app_name = "day"

urlpatterns = [
    path("", views.day, name="day"),
    path("mejl/", digest, name="digest"),
    path("<slug:key>/", views.one_list, name="list"),
    path("<slug:key>/last/", views.take_note, name="note"),
]
