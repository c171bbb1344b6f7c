"""Two participants who are one person, made one.

`winner` goes on with its address and number of the row; `loser` keeps only what it said, for undoing, and
`Participant.merged_into` leads from it to the winner. Everything that points at the loser moves: the foreign keys of
every floor are found by asking the model (`relations`), and what stands for a participant without a foreign key is
joined by `participants.providers.join_followers`. Each row that is changed is one `MergeStep`, which `undoing` takes
back. A row that somebody stores for the loser a moment too late follows by a trigger
(`participants.models.following`).

The rooms: `relations` what points at a participant, `facts` which facts stay, `hindrances` what stands in the way,
`steps` the changes and their reverse, `services` and `undoing` the acts, `reading` what the pages show to whom.
"""
