from django.urls import path

from participants.caseload import views
from participants.coaching import many

app_name = "unit"

urlpatterns = [
    path("", views.unit_view, name="unit"),
    path("lamna-over/", many.hand_over, name="hand_over"),
    path("<slug:key>/", views.number_list, name="number"),
]
