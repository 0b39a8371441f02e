"""Emergency: a physician opens a record without a care relation, for an hour, with a reason (S7).

Pages of the physician who opens and of the manager who reads it afterwards; no tables. What an
access is and what it opens is in `screening` (`EmergencyAccess`, `care.in_care`). The patient
reads of it in the list of their record's readers; no mail tells of it: it would say little and
alarm much, and the phone is where such a thing is talked about.
"""
