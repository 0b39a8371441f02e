"""Sites: which of their sites somebody of the staff looks at.

The switch in the head of pages about a site's day; what it offers is `catalogue.own_sites`, where
the choice is kept is `accounts.site_rights`.
"""
