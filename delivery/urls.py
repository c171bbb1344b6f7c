from django.urls import path

from delivery import views
from delivery.marks import views as marks
from delivery.outbox import views as mail

app_name = "delivery"
urlpatterns = [
    path("jobb/", views.job_list, name="job_list"),
    path("jobb/<uuid:public_id>/", views.job_detail, name="job_detail"),
    path("jobb/<uuid:public_id>/lage/", views.job_state, name="job_state"),
    path("jobb/<uuid:public_id>/filer/<uuid:file_id>/", views.job_file, name="job_file"),
    path("utskick/", mail.sent_mail, name="sent_mail"),
    path("administration/marke/", marks.mark, name="mark"),
    path("administration/marke/utan/", marks.mark_remove, name="mark_remove"),
    path("administration/utskick/", mail.mail_list, name="mail_list"),
    path("administration/utskick/<uuid:public_id>/", mail.mail_detail, name="mail_detail"),
    path("administration/utskick/<uuid:public_id>/igen/", mail.mail_again, name="mail_again"),
    path("administration/utskick/<uuid:public_id>/sett/", mail.mail_seen, name="mail_seen"),
]
