"""Claiming: a record that the desk entered becomes an account of the patient's own.

Pages only: the link and its rules are `accounts.claims`, the address of a sign-in is proved by
`accounts.codes`. Nobody is matched by name; relatives with one address each have a link and a
record of their own, and the second of them signs in with another address.
"""
