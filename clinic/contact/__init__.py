"""Contact: patients keep their own phone number and, before they have an account, their address.

Pages only: what may be changed by whom is `accounts.contact` and `permissions.WRITABLE`. The
desk's page is the desk's.
"""
