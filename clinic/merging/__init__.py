"""Merging: two records of one person are put together by a manager, and apart again for 30 days.

Pages, the rule and what is compared; no tables. The link is `accounts.links`, the story
`journey.merge`, and what follows a link asks `accounts.same_person`. The record that goes on is
*kept*, the one that leads to it is *replaced* (FHIR: Patient.link, replaced-by). No row moves, so
nothing is lost by undoing; an approval stays with the record that it was given to.
"""
