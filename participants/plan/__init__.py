"""The plan (genomförandeplan): written as a draft, decided with the participant, gone through, revised, closed.

What other apps need of it is `activities_to_book` (participants.plan.booking) and the lists of
participants.plan.providers.
"""
