"""Safety: help for somebody who writes that they feel unsafe (g7), and who has heard of it.

Owns the page of support. Its alert is the physicians' (`screening.alerts`), raised by
`journey.safety`; no page of the desk or of a manager knows of either.
"""
