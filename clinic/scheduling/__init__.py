"""Scheduling: when.

Owns Schedule (availability), Appointment (a promise) and Participant (who and what it takes up).
A Slot is computed, never stored. A hold is an appointment in state `proposed` with a deadline; it
expires by comparison when somebody wants its time, so no clean-up job keeps anything correct.
Whether a treatment may be booked is the gate's question (treatment), asked on the journey floor.
"""
