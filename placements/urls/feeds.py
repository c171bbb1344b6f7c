"""The calendar feed: its page at /kalender/, the feed itself by a secret address."""

from django.urls import path

from placements.feeds import views

app_name = "feeds"

urlpatterns = [
    path("", views.feed_page, name="page"),
    path("<str:token>.ics", views.feed, name="feed"),
]
