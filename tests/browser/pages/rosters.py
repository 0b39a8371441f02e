"""What the manager changes hours, rooms and services on, and visits that nobody can keep."""

from __future__ import annotations

from clinic.catalogue.models import ClosedDay
from clinic.scheduling.models import Absence, ExtraHours
from tests.browser import roster_ways as ways
from tests.browser.demo import STAFF
from tests.browser.page import Page
from tests.browser.staff_ways import account_of_staff
from tests.browser.ways import press, typed

ROSTERS = (
    Page("manager", "roster-person", "rosters.person", ways.person()),
    Page("manager", "roster-person-holiday", "rosters.person", ways.person(name="Dr Samir Haddad")),
    Page("manager", "roster-hours", "rosters.hours", ways.person("/hours")),
    Page(
        "manager",
        "roster-hours-outside",
        "rosters.hours",
        ways.person("/hours"),
        ways.no_more_tuesdays,
    ),
    Page(
        "manager",
        "roster-hours-wrong",
        "rosters.hours",
        ways.person("/hours"),
        typed({"Tuesday": "nine to five"}, "Save"),
        422,
    ),
    Page("manager", "roster-details", "rosters.details", ways.person("/details")),
    Page("manager", "roster-away", "rosters.add_absence", ways.person("/away")),
    Page(
        "manager",
        "roster-away-wrong",
        "rosters.add_absence",
        ways.person("/away"),
        press("Save"),
        422,
    ),
    Page("manager", "roster-extra", "rosters.add_extra", ways.person("/extra")),
    Page("manager", "roster-credentials", "rosters.credentials", ways.person("/credentials")),
    Page("manager", "roster-physician-new", "rosters.new_physician", "/manage/people/new"),
    Page(
        "manager",
        "roster-physician-new-wrong",
        "rosters.add_physician",
        "/manage/people/new",
        ways.half_a_physician,
        422,
    ),
    Page(
        "manager",
        "roster-physician-new-known",
        "rosters.add_physician",
        "/manage/people/new",
        ways.a_physician_whose_address_is_known,
        409,
    ),
    Page(
        "manager",
        "roster-bookable",
        "rosters.bookable",
        account_of_staff(STAFF["front-desk"], "/bookable"),
    ),
    Page(
        "manager",
        "roster-bookable-wrong",
        "rosters.make_bookable",
        account_of_staff(STAFF["front-desk"], "/bookable"),
        typed({"Name as patients see it": ""}, "Make bookable"),
        422,
    ),
    Page(
        "manager",
        "roster-person-lacking",
        "rosters.person",
        ways.person(name="Dr Samir Haddad"),
        during=ways.without_licence_and_hours("Dr Samir Haddad"),
    ),
    Page("manager", "roster-site", "rosters.edit_site", ways.site()),
    Page("manager", "roster-site-new", "rosters.new_site", "/manage/sites/new"),
    Page("manager", "roster-opening", "rosters.opening", ways.site("/hours")),
    Page("manager", "roster-days", "rosters.days", ways.site("/days"), during=ways.extra_hours),
    Page("manager", "roster-close", "rosters.add_closed_day", ways.site("/close")),
    Page("manager", "roster-open", "rosters.add_opening", ways.site("/open")),
    Page(
        "manager",
        "roster-open-again",
        "rosters.remove_closed_day",
        ways.the_only(ClosedDay, "/manage/closed/{}/remove"),
    ),
    Page(
        "manager",
        "roster-absence-back",
        "rosters.remove_absence",
        ways.the_only(Absence, "/manage/absences/{}/remove"),
    ),
    Page(
        "manager",
        "roster-extra-back",
        "rosters.remove_extra",
        ways.the_only(ExtraHours, "/manage/extra/{}/remove"),
        during=ways.extra_hours,
    ),
    Page("manager", "roster-room", "rosters.edit_room", ways.room()),
    Page(
        "manager",
        "roster-room-changed",
        "rosters.edit_room",
        ways.room(),
        ways.room_changed_meanwhile,
        409,
    ),
    Page("manager", "roster-room-out", "rosters.room_out", ways.room("/out")),
    Page("manager", "roster-room-new", "rosters.new_room", ways.site("/rooms/new")),
    Page("manager", "roster-device", "rosters.edit_device", ways.a_device()),
    Page("manager", "roster-device-out", "rosters.device_out", ways.a_device("/out")),
    Page("manager", "roster-device-new", "rosters.new_device", ways.site("/devices/new")),
    Page("manager", "roster-service", "rosters.edit_service", ways.service("combined")),
    Page("manager", "roster-service-new", "rosters.new_service", ways.site("/services/new")),
    Page("front-desk", "outside-empty", "rosters.outside", "/roster/outside"),
    Page("front-desk", "outside", "rosters.outside", "/roster/outside", during=ways.ill_today),
    Page(
        "front-desk",
        "outside-nobody",
        "rosters.outside",
        "/roster/outside",
        during=ways.nobody_works(),
    ),
    Page("manager", "outside", "rosters.outside", "/roster/outside", during=ways.ill_today),
    Page("front-desk", "day-outside", "frontdesk.day", "/desk/", during=ways.ill_today),
    Page("front-desk", "ill", "rosters.ill", "/roster/ill"),
    Page(
        "front-desk",
        "ill-wrong",
        "rosters.ill",
        "/roster/ill",
        press("Write down and see the visits"),
        422,
    ),
)
