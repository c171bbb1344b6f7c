from django.urls import path

from participants.caseload import views
from participants.coaching import many
from participants.plan.views import outcomes

app_name = "unit"

urlpatterns = [
    path("", views.unit_view, name="unit"),
    path("lamna-over/", many.hand_over, name="hand_over"),
    path("insatser/", outcomes.activity_outcomes, name="outcomes"),
    path("<slug:key>/", views.number_list, name="number"),
]
