"""Waiting list: who would rather come at another time, and who was offered what.

Owns WaitlistEntry (a wish: service, practitioner or anyone, days, parts of the day) and Offer (a
freed time, held for one entry for a while; the hold is an appointment like any other). When time
is freed and who fits best is asked on the journey floor, for an offer may need an approval.
"""
