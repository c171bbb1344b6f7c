from django.urls import path

from participants.mapping import views

app_name = "mapping"

_FILE = "<uuid:public_id>/kartlaggning/"

urlpatterns = [
    path(_FILE + "ny/", views.mapping_begin, name="begin"),
    path(_FILE + "blankett/", views.blank, name="blank"),
    path(_FILE + "utveckling/", views.progress, name="progress"),
    path(_FILE + "halsa/", views.health_open, name="health_open"),
    path(_FILE + "faststall/", views.complete, name="complete"),
    path(_FILE + "kasta/", views.discard, name="discard"),
    path(_FILE + "avsnitt/<slug:key>/", views.section, name="section"),
    path(_FILE + "<uuid:mapping_id>/", views.read, name="read"),
]
