"""Rosters: the manager's pages of hours, absences, rooms, services; "ill today" for the desk too.

No tables of its own: sites, rooms, devices and services are written by `catalogue.services`,
hours and absences by `scheduling.rosters`, who may be booked by `accounts.practitioners`. Each page
saves alone, and says before it does which booked visits fall outside (`journey.change_roster`).
"""
