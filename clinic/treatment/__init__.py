"""Treatment: what a physician approved.

Owns Approval with its scopes and its dated events (suspended, resumed, withdrawn, superseded), and
the gate: `reasons_not_to_book`, asked each time, never stored. An Approval is a physician's; it is
not the patient's consent. Plans, consents and treatment records come with their own features.
"""
