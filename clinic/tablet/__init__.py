"""Tablet: the desk's tablet in a patient's hands.

Pages only: what a tablet is, is `accounts.tablet`; that it opens nothing but its own form is kept
at the door. The questions are the intake's own pages.
"""
