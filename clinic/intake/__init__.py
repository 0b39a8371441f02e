"""Intake: what the patient told us.

Owns the versioned questionnaire (data in `questionnaire.py`) and Intake, one form of one patient.
A draft belongs to a browser until it is sent; a sent one never changes, a new one supersedes it.
Answers and concerns are one sealed document: they are read together and searched never.
What the answers mean is screening's business.
"""
