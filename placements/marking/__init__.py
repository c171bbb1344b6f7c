"""Marking who was at the workplace: by staff in a week, by the supervisor on the page of a follow-up's link."""
