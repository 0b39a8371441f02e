"""Staff: the manager's pages about who works here and what they may do; no tables.

What may be changed, and by whom, is kept in `accounts.staff`. No page shows a password, a seed, a
code or a session's id.
"""
