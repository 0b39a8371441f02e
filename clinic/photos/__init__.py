"""Photos: what the patient looks like, in six views, for those whom the patient lets look.

Owns Photo, a picture of one view that belongs to one form, and PhotoConsent, what the patient said
about one purpose on one day. The page on which photos are added is a page of the form and stands
with the others in `intake`; everything else is here, because photos outlive the page: they are
served, shown to physicians, withdrawn and erased long after the form was sent.

A picture is decoded by a program of its own (`decoder.py`), made new and sealed; what was sent is
kept nowhere. Whose photo it is follows from its form, so there is no second column to go stale.
"""
