from django.urls import include, path

from participants.agreements import views as agreements
from participants.attachments import views as attachments
from participants.closing import aftercare_views as aftercare
from participants.closing import views as closure
from participants.coaching import views as coaching
from participants.enrolling import views as enrolling
from participants.first_day import views as first_day
from participants.joint_reviews import views as joint_reviews
from participants.journal.views import contact, entry, extract, moving
from participants.listing import file_views, saved_views
from participants.listing import views as listing
from participants.merging import views as merging
from participants.overview import views as file
from participants.pausing import views as pausing
from participants.person import views as person
from participants.protecting import views as protection
from participants.registering import views as registering

app_name = "participants"

urlpatterns = [
    path("", listing.participant_list, name="list"),
    path("fil/", file_views.list_file, name="list_file"),
    path("sparade/", saved_views.saved_list, name="saved_list"),
    path("sparade/nytt/", saved_views.saved_new, name="saved_new"),
    path("sparade/<uuid:public_id>/", saved_views.saved_open, name="saved_open"),
    path("sparade/<uuid:public_id>/andra/", saved_views.saved_change, name="saved_change"),
    path("sparade/<uuid:public_id>/ta-bort/", saved_views.saved_delete, name="saved_delete"),
    path("ny/", enrolling.participant_new, name="new"),
    path("ny/lika/", registering.alike, name="alike"),
    path("efteruppfoljning/", aftercare.aftercare_list, name="aftercare_list"),
    path("skyddade/", protection.protected_list, name="protected"),
    path("skyddade/<uuid:public_id>/namnge/", protection.access_grant, name="access_grant"),
    path("skyddade/<uuid:public_id>/ta-bort/", protection.access_withdraw, name="access_withdraw"),
    path("skyddade/<uuid:public_id>/jobbcoach/", protection.protected_coach, name="protected_coach"),
    path("<uuid:public_id>/", file.overview, name="file"),
    path("<uuid:public_id>/personnummer/", file.unmask, name="unmask"),
    path("<uuid:public_id>/kontakt/", person.contact, name="contact"),
    path("<uuid:public_id>/jobbcoach/", coaching.coach_change, name="coach_change"),
    path("<uuid:public_id>/uppgifter/", person.facts, name="facts"),
    path("<uuid:public_id>/forsta-dagen/", first_day.first_day, name="first_day"),
    path("<uuid:public_id>/nytt-nummer/", person.number, name="number"),
    path("<uuid:public_id>/samma-person/", merging.same_person, name="same_person"),
    path("<uuid:public_id>/samma-person/<uuid:other_id>/", merging.compare, name="compare"),
    path("<uuid:public_id>/vila/", pausing.pause, name="pause"),
    path("<uuid:public_id>/ateruppta/", pausing.resume, name="resume"),
    path("<uuid:public_id>/overenskommelse/", agreements.agreement_new, name="agreement_new"),
    path("<uuid:public_id>/overenskommelse/<uuid:agreement_id>/", agreements.agreement_edit, name="agreement_edit"),
    path("<uuid:public_id>/genomgang/", joint_reviews.joint_review, name="joint_review"),
    # Closed enrolments; `?inskrivning=2025-08-25` names the one that began on that day, else it is the latest.
    path("<uuid:public_id>/avsluta/", closure.enrolment_close, name="enrolment_close"),
    path("<uuid:public_id>/avslut/", closure.closure, name="closure"),
    path("<uuid:public_id>/avslut/ta-tillbaka/", closure.closure_annul, name="closure_annul"),
    path("<uuid:public_id>/efteruppfoljning/<int:days_after>/", aftercare.aftercare, name="aftercare"),
    path("<uuid:public_id>/efteruppfoljning/<int:days_after>/lank/", aftercare.aftercare_link, name="aftercare_link"),
    # A contact is logged in a participant's file; after that it is found by its own id.
    path("<uuid:public_id>/kontakter/", contact.contact_log, name="contact_log"),
    path("<uuid:public_id>/kontakter/utkast/", contact.contact_draft, name="contact_draft"),
    path("<uuid:public_id>/kontakter/utkast/kasta/", contact.contact_draft_discard, name="contact_draft_discard"),
    path("<uuid:public_id>/kontakter/<uuid:entry_id>/andra/", entry.contact_edit, name="contact_edit"),
    path("<uuid:public_id>/kontakter/<uuid:entry_id>/tillagg/", entry.contact_add, name="contact_add"),
    path("<uuid:public_id>/kontakter/<uuid:entry_id>/historik/", entry.contact_history, name="contact_history"),
    path("<uuid:public_id>/kontakter/<uuid:entry_id>/flytta/", moving.contact_move, name="contact_move"),
    path("<uuid:public_id>/kontakter/att-visa/", extract.contact_extract, name="contact_extract"),
    path("<uuid:public_id>/bilagor/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path(
        "<uuid:public_id>/bilagor/<uuid:attachment_id>/ta-tillbaka/",
        attachments.attachment_withdraw,
        name="attachment_withdraw",
    ),
    path("<uuid:public_id>/plan/", include("participants.urls.plan")),
    # The parts that every floor joins (participants.providers); after the addresses with a meaning of their own.
    path("<uuid:public_id>/<slug:slug>/", file.part, name="part"),
]
