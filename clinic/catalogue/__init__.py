"""Catalogue: what we offer and where.

Owns Clinic (the name over the door and its policies), Location (a site, with its time zone and
opening hours), Room (with what it can host) and Service (kind, price, duration, buffers, notice,
horizon). A Service is what we offer; a Treatment is what was done.
"""
