from django.urls import path

from participants.deputies import views

app_name = "deputies"

urlpatterns = [
    path("", views.deputies, name="deputies"),
    path("<uuid:public_id>/avsluta/", views.end, name="end"),
]
