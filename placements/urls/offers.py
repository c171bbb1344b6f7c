"""Places that employers offer: the public form at /erbjud-plats/, the review at /platser/erbjudanden/."""

from django.urls import path

from placements.offers import views

app_name = "offers"

urlpatterns = [
    path("erbjud-plats/", views.offer_new, name="new"),
    path("erbjud-plats/tack/", views.offer_thanks, name="thanks"),
    path("platser/erbjudanden/", views.offer_list, name="list"),
    path("platser/erbjudanden/<uuid:public_id>/", views.offer, name="offer"),
    path("platser/erbjudanden/<uuid:public_id>/arbetsplats/", views.offer_enter, name="enter"),
]
