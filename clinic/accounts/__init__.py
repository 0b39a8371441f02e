"""Accounts: who people are, and how they show it.

Owns User (the sign-in), Patient, Practitioner with credentials, Visitor (a browser that is not an
account), e-mailed codes and the throttle. A patient may exist without a user: booked by phone.
Does not own what a patient told us (intake) or what anybody may do (permissions, ground floor).
Every kind of thing that a visit takes up has a row in `actor`, so room 1 is never patient 1.
"""
