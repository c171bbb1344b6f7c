"""The queue of referrals, at /anvisningar/."""

from django.urls import path

from participants.enrolling import views as enrolling
from participants.referrals import acting, views

app_name = "referrals"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("ny/", views.referral_new, name="new"),
    path("<uuid:public_id>/", views.referral, name="referral"),
    path("<uuid:public_id>/andra/", views.referral_edit, name="edit"),
    path("<uuid:public_id>/person/", views.referral_person, name="person"),
    path("<uuid:public_id>/angra/", acting.referral_undo, name="undo"),
    path("<uuid:public_id>/skriv-in/", enrolling.referral_enrol, name="enrol"),
    path("<uuid:public_id>/<slug:slug>/", acting.referral_act, name="act"),
]
