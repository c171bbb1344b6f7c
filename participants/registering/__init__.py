"""Somebody new: who it is, whether the person is known already, and the row that is made.

A participant is made by nobody alone, only by an act that puts the person somewhere: a referral to a unit, or an
enrolment there. The page of such an act embeds three things, and there is no other way in:

    from participants.registering.forms import PersonSection, unjudged
    from participants.registering.services import NumberTaken
    from participants.registering.telling import number_told, shown_write

    section = PersonSection(request.POST if request.method == "POST" else None, user=request.user)
    form = ReferralForm(request.POST ...)              # the act's own; its prefix must not be "person"
    if section.is_step:                                # "use this person", "another person": nothing is to be stored
        unjudged(form)                                 # what was typed stays, and is not yet found fault with
    elif both are valid (look at both, so that all that is wrong is told at once):
        try:
            registered = referral_register(section=section, actor=request.user, ...)   # atomic; in it:
                # registered = section.register(actor=actor, units=[unit.code])
                # if registered.repeated: the form was sent twice, the act is done already
                # Referral.objects.create(participant=registered.participant, ...)
        except NumberTaken:                            # somebody was quicker: the section now shows whose it is
            section = section.again()
        else:
            number_told(request, registered)           # says that the number was left out, and logs it
            return redirect(...)
    shown_write(request, section)                      # before any answer that shows the section
    return render(request, ..., status=422 if section.is_bound else 200)

The template puts `{% include "participants/registering/_person.html" %}` first in its form, which is `novalidate` and
has no htmx of its own. The context has the act's form as `form`: what is wrong with both is told in one summary, by
the include. For a page that is about a known person from the start: `PersonSection(..., found=public_id)`.

A number that stands on somebody whom the actor may not know of is left out: the person is made without it, the
actor is told only that it could not be saved, and the administrator gets a `NumberQuestion`. So the act is never in
vain, and who tries learns nothing. Scope is `Participant.objects.known_to(user)`: the visible, and those who are only
referred.
"""
