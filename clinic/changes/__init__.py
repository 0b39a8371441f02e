"""Changes: what has changed since the form, asked before each later visit.

Owns the page alone. What was confirmed is the intake's (`intake.confirmations`); another answer is
a new form, sent the way every form is, and `journey.suspend` says what it pauses.
"""
