"""What the patient's answers and the physician's findings mean: rules, flags, screening notes.

It owns the flags, the droop assessment and the screening note; intake owns the answers themselves,
and treatment owns the approval that a physician gives after reading all this. The rules explain,
they never score, decide or hide: "not assessed" is never shown as "low", and a flag always says
what raised it, why, and from which source. `rules` is pure, so a clinic can re-run its own cases.
"""
