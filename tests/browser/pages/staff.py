"""What the front desk and the manager see."""

from __future__ import annotations

from tests.browser import changed_ways, waiting_ways, ways
from tests.browser.demo import LONG_NAME, LONG_NAMES_DAY, STAFF
from tests.browser.page import Page
from tests.browser.staff_ways import account_of_staff, emergencies, no_role, shut_out, typed_again
from tests.browser.ways import press, staff, typed

FRONT_DESK = (
    Page("front-desk", "day", "frontdesk.day", "/desk/"),
    Page("front-desk", "day-by-physician", "frontdesk.day", "/desk/?by=physician"),
    Page("front-desk", "day-empty", "frontdesk.day", lambda d: f"/desk/?day={d.day(150)}"),
    Page(
        "front-desk",
        "day-long-name",
        "frontdesk.day",
        lambda d: f"/desk/?day={d.day(LONG_NAMES_DAY)}",
    ),
    Page("front-desk", "visit-not-confirmed", "frontdesk.visit", changed_ways.desk_treated),
    Page("front-desk", "visit", "frontdesk.visit", staff("/desk/visits/{visit}", "Leah Stone")),
    Page(
        "front-desk",
        "visit-arrived",
        "frontdesk.visit",
        staff("/desk/visits/{visit}", "Priya Nair"),
    ),
    Page(
        "front-desk",
        "visit-cancelled",
        "frontdesk.visit",
        staff("/desk/visits/{visit}", "Zoe Hart"),
    ),
    Page(
        "front-desk",
        "visit-treatment",
        "frontdesk.visit",
        staff("/desk/visits/{visit}", "Clara Voss", "combined"),
    ),
    Page(
        "front-desk",
        "visit-refused",
        "frontdesk.change_status",
        staff("/desk/visits/{visit}", "Iris Vogel", "toxin"),
        press("Mark arrived"),
        409,
    ),
    Page(
        "front-desk",
        "visit-wrong",
        "frontdesk.cancel",
        staff("/desk/visits/{visit}", "Leah Stone"),
        press("Cancel the visit"),
        422,
    ),
    Page(
        "front-desk", "visit-long-name", "frontdesk.visit", staff("/desk/visits/{visit}", LONG_NAME)
    ),
    Page(
        "front-desk",
        "visit-just-cancelled",
        "frontdesk.visit",
        ways.just_cancelled_at_the_desk("Noor Rahman"),
    ),
    Page("front-desk", "visit-moved", "frontdesk.visit", ways.moved_at_the_desk("Tomás Rivera")),
    Page(
        "front-desk", "move", "scheduling.move_for_patient", staff("/moves/{visit}", "Oscar Lange")
    ),
    Page(
        "front-desk",
        "move-long-name",
        "scheduling.move_for_patient",
        staff("/moves/{visit}", LONG_NAME),
    ),
    Page(
        "front-desk",
        "move-to",
        "scheduling.move_for_patient_to",
        staff("/moves/{visit}", "Oscar Lange"),
        ways.hold_first_time,
    ),
    Page(
        "front-desk",
        "move-to-wrong",
        "scheduling.move_for_patient_to",
        staff("/moves/{visit}", "Oscar Lange"),
        ways.steps(ways.hold_first_time, press("Move the visit")),
        422,
    ),
    Page(
        "front-desk",
        "move-taken",
        "scheduling.move_for_patient_to",
        staff("/moves/{visit}", "Oscar Lange"),
        ways.somebody_is_faster,
        409,
    ),
    Page(
        "front-desk",
        "move-ended",
        "scheduling.move_for_patient",
        staff("/moves/{visit}", "Zoe Hart"),
        None,
        410,
    ),
    Page("front-desk", "patients", "frontdesk.patients", "/desk/patients"),
    Page("front-desk", "patients-found", "frontdesk.patients", "/desk/patients?q=a"),
    Page("front-desk", "patients-nobody", "frontdesk.patients", "/desk/patients?q=zzz"),
    Page("front-desk", "patients-slip", "frontdesk.patients", "/desk/patients?q=rutth+cole"),
    Page(
        "front-desk",
        "patient-known",
        "frontdesk.new_patient",
        "/desk/patients/new",
        typed_again("Ruth Cole"),
        409,
    ),
    Page(
        "front-desk", "patient", "frontdesk.patient", staff("/desk/patients/{patient}", "Ruth Cole")
    ),
    Page(
        "front-desk",
        "patient-invited",
        "frontdesk.patient",
        staff("/desk/patients/{patient}", "Samuel Osei"),
        press("Send"),
    ),
    Page(
        "front-desk",
        "patient-long-name",
        "frontdesk.patient",
        staff("/desk/patients/{patient}", LONG_NAME),
    ),
    Page(
        "front-desk",
        "patient-edit",
        "frontdesk.edit_patient",
        staff("/desk/patients/{patient}/edit", "Ruth Cole"),
    ),
    Page(
        "front-desk",
        "patient-edit-wrong",
        "frontdesk.edit_patient",
        staff("/desk/patients/{patient}/edit", "Ruth Cole"),
        typed({"Full name": "", "Phone": "ring me"}, "Save"),
        422,
    ),
    Page(
        "front-desk",
        "patient-edit-changed",
        "frontdesk.edit_patient",
        staff("/desk/patients/{patient}/edit", "Isla Grant"),
        ways.changed_meanwhile,
        409,
    ),
    Page(
        "front-desk",
        "tablet",
        "tablet.hand_over",
        staff("/desk/patients/{patient}/tablet", "Samuel Osei"),
    ),
    Page(
        "front-desk",
        "visit-form-missing",
        "frontdesk.visit",
        staff("/desk/visits/{visit}", "Samuel Osei"),
    ),
    Page("front-desk", "patient-new", "frontdesk.new_patient", "/desk/patients/new"),
    Page(
        "front-desk",
        "patient-wrong",
        "frontdesk.new_patient",
        "/desk/patients/new",
        press("Save and book"),
        422,
    ),
    Page(
        "front-desk",
        "book",
        "scheduling.choose_service",
        staff("/patients/{patient}/book", "Isla Grant"),
    ),
    Page(
        "front-desk",
        "times",
        "scheduling.times_for_patient",
        staff("/patients/{patient}/book/{service}", "Isla Grant", "follow-up"),
    ),
    Page(
        "front-desk",
        "times-held",
        "scheduling.times_for_patient",
        staff("/patients/{patient}/book/{service}", "Isla Grant", "follow-up"),
        ways.hold_first_time,
    ),
    Page(
        "front-desk",
        "times-refused",
        "scheduling.times_for_patient",
        staff("/patients/{patient}/book/{service}", "Isla Grant", "filler"),
    ),
    Page("front-desk", "waiting-list", "waitlist.desk", "/desk/waiting-list"),
    Page(
        "front-desk",
        "waiting-add",
        "waitlist.add",
        staff("/desk/patients/{patient}/wait", "Isla Grant"),
    ),
    Page(
        "front-desk",
        "waiting-add-wrong",
        "waitlist.add",
        staff("/desk/patients/{patient}/wait", "Isla Grant"),
        waiting_ways.untick_days("Put on the list"),
        422,
    ),
    Page(
        "front-desk",
        "waiting-offer",
        "waitlist.offer_time",
        waiting_ways.at_the_desk("/desk/waiting-list/{entry}/offer", LONG_NAME),
    ),
    Page(
        "front-desk",
        "waiting-offer-refused",
        "waitlist.offer_time",
        waiting_ways.at_the_desk("/desk/waiting-list/{entry}/offer", "Isla Grant", "filler"),
        ways.hold_first_time,
        409,
    ),
    Page(
        "front-desk",
        "waiting-ended",
        "waitlist.offer_time",
        waiting_ways.at_the_desk("/desk/waiting-list/{entry}/offer", "Ben Ashworth", ended=True),
        None,
        410,
    ),
)

DESK = STAFF["front-desk"]

MANAGER = (
    Page("manager", "clinic", "catalogue.manage", "/manage/"),
    Page("manager", "person", "staff.person", account_of_staff(DESK)),
    Page("manager", "person-own", "staff.person", account_of_staff(STAFF["manager"])),
    Page("manager", "person-physician", "staff.person", account_of_staff(STAFF["physician"])),
    Page(
        "manager",
        "person-shut-out",
        "staff.person",
        account_of_staff(DESK),
        during=shut_out(DESK),
    ),
    Page("manager", "person-wrong", "staff.change_roles", account_of_staff(DESK), no_role, 422),
    Page("manager", "person-new", "staff.new_person", "/manage/staff/new"),
    Page(
        "manager",
        "person-new-wrong",
        "staff.add_person",
        "/manage/staff/new",
        press("Add and send the link"),
        422,
    ),
    Page("manager", "overruled", "screening.overruled", changed_ways.overruled),
    Page("manager", "emergencies-empty", "emergency.opened", "/manage/emergencies"),
    Page("manager", "emergencies", "emergency.opened", emergencies(LONG_NAME)),
    Page("manager", "audit", "audit.log", "/manage/audit"),
    Page("manager", "audit-looks", "audit.log", "/manage/audit?about=looks"),
    Page("manager", "audit-long-name", "audit.log", ways.log_of_long_name),
    Page("manager", "audit-empty", "audit.log", "/manage/audit?until=2020-01-01"),
    Page("manager", "audit-wrong", "audit.log", "/manage/audit?since=yesterday", None, 422),
)
