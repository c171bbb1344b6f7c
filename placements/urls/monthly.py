"""A month's attendance: the basis in a participant's file, the files of units at /narvaro/manad/."""

from django.urls import path

from placements.monthly import views

app_name = "monthly"

_FILE = "deltagare/<uuid:public_id>/narvaro/"

urlpatterns = [
    path(_FILE, views.basis_list, name="basis_list"),
    path(_FILE + "<uuid:report_id>/", views.basis, name="basis"),
    path(_FILE + "<uuid:report_id>/pdf/", views.basis_print, name="basis_print"),
    path(_FILE + "<uuid:report_id>/overlamnad/<int:handover_id>/", views.basis_withdraw, name="basis_withdraw"),
    path("narvaro/manad/", views.file_list, name="files"),
    path("narvaro/manad/<uuid:report_id>/", views.unit_file, name="file"),
    path("narvaro/manad/<uuid:report_id>/csv/", views.file_download, name="file_download"),
    path("narvaro/manad/<uuid:report_id>/overlamnad/<int:handover_id>/", views.file_withdraw, name="file_withdraw"),
]
