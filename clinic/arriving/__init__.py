"""Arriving: a patient says on their own phone that they are here.

Owns the link that is mailed before a visit (bound to that visit and its version, S41), the phone
that has shown whose it is, and their pages. It reveals a first name and a time, nothing more (P4).
What was answered is the intake's, the visit's state is scheduling's, and whether a treatment may
start is the gate's: `journey.arrive` joins them.
"""
