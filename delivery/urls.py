from django.urls import path

from delivery import views

app_name = "delivery"
urlpatterns = [
    path("jobb/", views.job_list, name="job_list"),
    path("jobb/<uuid:public_id>/", views.job_detail, name="job_detail"),
    path("jobb/<uuid:public_id>/lage/", views.job_state, name="job_state"),
    path("jobb/<uuid:public_id>/filer/<uuid:file_id>/", views.job_file, name="job_file"),
]
