"""Every row of the question table that is built, with yes, no and not sure; and the ages."""

from datetime import date
from decimal import Decimal

import pytest

from clinic.screening.rules import (
    HISTORY_TOPICS,
    UNCONFIRMED,
    Answer,
    AnswerValue,
    Area,
    Case,
    Concern,
    DroopTimes,
    Findings,
    PlanLine,
    Topic,
    ToxinSession,
    evaluate,
)

TODAY = date(2026, 6, 15)
ABO = "abobotulinumtoxinA"
LIDOCAINE = "lidocaine-containing-fillers"
UPPER_TOXIN = "caution toxin forehead glabella crows-feet bunny-lines"

RESTYLANE = "Restylane-family"
ALBUMIN = "albumin-containing-toxins"
SWEAT = "caution toxin axillae palms"
MOUTH_FILLER = ["caution filler perioral lips"]
AUTOIMMUNE = ["caution filler", "information toxin"]
OBJECTS = [f"information toxin {ALBUMIN}"]
ALLERGIC = [f"absolute toxin {ALBUMIN}"]
PERHAPS = [f"caution toxin {ALBUMIN}"]
HERPES = "RS, CMAC 2021 herpes guideline"
ON_LIDOCAINE = [f"absolute filler {LIDOCAINE}", "caution filler"]
ON_BLEEDING = [f"absolute filler {RESTYLANE}", "caution both"]
BERTLICH = "Bertlich 2024, Br J Dermatol; CMAC 2021"

# Topic, flags on yes, flags on not sure (level, modality, areas, product), source cell.
ROWS = [
    ("pregnancy", ["absolute both"], ["absolute both"], "DY safety text, JV, RS; deferral PR"),
    ("breastfeeding", [f"absolute toxin {ABO}", "caution both"], ["caution both"], "DY, JV, RS"),
    ("neuromuscular-disease", ["absolute toxin"], ["caution toxin"], "BC, DY, GK"),
    ("toxin-allergy", ["absolute toxin"], ["caution toxin"], "BC, DY"),
    ("cows-milk-protein-allergy", [f"absolute toxin {ABO}"], [f"caution toxin {ABO}"], "DY"),
    ("human-albumin", ALLERGIC, PERHAPS, "BC, openFDA label data"),
    ("severe-allergy-history", ["absolute filler", "caution toxin"], ["caution both"], "JV, RS"),
    ("bacterial-protein-allergy", ["absolute filler"], ["caution filler"], "JV, RS"),
    ("lidocaine-allergy", ON_LIDOCAINE, ["caution filler"], "JV, RS"),
    ("venom-or-hyaluronidase-allergy", ["caution filler"], ["caution filler"], BERTLICH),
    ("infection-at-site", ["absolute both"], ["caution both"], "BC, DY, JV"),
    ("skin-inflammation-at-site", ["absolute filler", "caution toxin"], ["caution both"], "JV, DY"),
    ("cold-sores", MOUTH_FILLER, MOUTH_FILLER, HERPES),
    ("blood-thinners", ["caution both"], ["caution both"], "JV; reviews"),
    ("bleeding-disorder", ON_BLEEDING, ["caution both"], "RS, FF"),
    ("aminoglycoside-antibiotic", ["caution toxin"], ["caution toxin"], "BX, DY interactions"),
    ("muscle-affecting-medicine", ["caution toxin"], ["caution toxin"], "BX"),
    ("recent-toxin", ["caution toxin"], ["caution toxin"], "BC, BX"),
    ("previous-droop-after-toxin", [UPPER_TOXIN], [UPPER_TOXIN], "PR, B21"),
    ("swallowing-or-breathing-problem", ["caution toxin"], ["caution toxin"], "BC, DY"),
    ("heart-disease", ["caution toxin"], ["caution toxin"], "BC"),
    ("autoimmune-disease", AUTOIMMUNE, AUTOIMMUNE, "papers named"),
    ("immune-suppression", ["caution filler"], ["caution filler"], "JV, RS"),
    ("previous-filler-problem", ["caution filler"], ["caution filler"], "RS"),
    ("dental-work", ["caution filler"], ["caution filler"], "FF; consensus 2-week practice"),
    ("recent-vaccine-or-illness", ["caution both"], ["caution both"], "FF"),
    ("scarring-tendency", ["caution filler"], ["caution filler"], "JV"),
    ("recent-skin-procedure", ["caution filler"], ["caution filler"], "JV, RS"),
    ("eyelid-or-face-surgery", [UPPER_TOXIN], [UPPER_TOXIN], "BC, DY"),
    ("facial-weakness-or-asymmetry", ["caution toxin"], ["caution toxin"], "DY"),
    ("dry-eye", [UPPER_TOXIN], [UPPER_TOXIN], "DY"),
    ("planned-surgery", ["information both"], ["information both"], "BX"),
    ("possible-secondary-sweating", [SWEAT], [SWEAT], "BX"),
    ("hand-function", ["caution toxin palms"], ["caution toxin palms"], "BX"),
    ("previous-non-response", ["information toxin"], ["information toxin"], "BC"),
    ("epilepsy-or-porphyria", ["caution filler"], ["caution filler"], "JV (non-US)"),
    ("event-soon", ["information both"], ["information both"], "GK"),
    ("unrealistic-expectations", ["caution both"], ["caution both"], "RS; GMC"),
    ("outside-pressure", ["caution both"], ["caution both"], "GMC"),
]  # fmt: skip
TOPICS = [row[0] for row in ROWS]


def make_case(**over):
    return Case(**{"born_on": date(1985, 1, 1), "today": TODAY, **over})


def answered(topic, value, concerns=(), **details):
    history = {Topic(topic): Answer(AnswerValue(value), details)}
    return evaluate(make_case(history=history, concerns=concerns)).flags


def in_words(flag):
    scope = flag.scope
    return " ".join(
        [flag.level, scope.modality, *(scope.areas or ()), *filter(None, [scope.product])]
    )


@pytest.mark.parametrize(("topic", "on_yes"), [(row[0], row[1]) for row in ROWS])
def test_a_yes_raises_the_flag_in_each_scope_of_its_row(topic, on_yes):
    flags = answered(topic, "yes")

    assert [in_words(flag) for flag in flags] == on_yes
    assert {flag.topic for flag in flags} == {topic}


@pytest.mark.parametrize(("topic", "on_not_sure"), [(row[0], row[2]) for row in ROWS])
def test_not_sure_raises_the_same_scopes_with_absolute_lowered_to_caution(topic, on_not_sure):
    flags = answered(topic, "not-sure")

    assert [in_words(flag) for flag in flags] == on_not_sure


@pytest.mark.parametrize("topic", HISTORY_TOPICS)
def test_a_no_raises_nothing(topic):
    assert answered(topic, "no") == ()


def test_the_details_of_a_no_raise_nothing():
    assert answered("infection-at-site", "no", areas=["chin"]) == ()
    assert answered("cold-sores", "no", now=True) == ()


def test_every_question_has_its_row_here():
    assert [*HISTORY_TOPICS] == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("value", ["yes", "not-sure"])
def test_a_flag_says_which_answer_raised_it(topic, value):
    assert {flag.raised_by for flag in answered(topic, value)} == {f"history.{topic} = {value}"}


@pytest.mark.parametrize(("topic", "source"), [(row[0], row[3]) for row in ROWS])
def test_a_flag_carries_its_source_cell_as_printed_and_the_rule_version(topic, source):
    flags = answered(topic, "yes")

    assert {(flag.source, flag.rule_version) for flag in flags} == {(source, "2026.4")}


@pytest.mark.parametrize("topic", TOPICS)
def test_only_a_not_sure_is_marked_unconfirmed(topic):
    assert {flag.reason.endswith(UNCONFIRMED) for flag in answered(topic, "not-sure")} == {True}
    assert {flag.is_unconfirmed for flag in answered(topic, "yes")} == {False}


def test_the_mark_follows_the_reason_of_the_row():
    (flag,) = answered("aminoglycoside-antibiotic", "not-sure")

    assert flag.reason == (
        "Can strengthen the toxin's effect; also ask what infection is being treated; "
        "unconfirmed, clarify at consultation"
    )


def test_the_blood_thinner_flag_never_lets_the_patient_stop_a_prescribed_medicine():
    (flag,) = answered("blood-thinners", "yes")

    assert flag.reason == (
        "More bruising; never tell the patient to stop a prescribed blood thinner; "
        "refer to its prescriber."
    )


@pytest.mark.parametrize(
    ("topic", "details", "on_yes", "on_not_sure"),
    [
        ("human-albumin", {"kind": "allergy"}, ALLERGIC, PERHAPS),
        ("human-albumin", {"kind": "objection"}, OBJECTS, OBJECTS),
        (
            "cold-sores",
            {"now": True},
            ["absolute both perioral lips"],
            ["caution both perioral lips"],
        ),
        ("cold-sores", {"now": False}, MOUTH_FILLER, MOUTH_FILLER),
        ("recent-vaccine-or-illness", {"kind": "vaccine"}, ["caution filler"], ["caution filler"]),
        ("recent-vaccine-or-illness", {"kind": "illness"}, ["caution both"], ["caution both"]),
        ("autoimmune-disease", {"active": True}, AUTOIMMUNE, AUTOIMMUNE),
    ],
)  # fmt: skip
def test_a_detail_can_change_what_its_row_raises(topic, details, on_yes, on_not_sure):
    assert [in_words(flag) for flag in answered(topic, "yes", **details)] == on_yes
    assert [in_words(flag) for flag in answered(topic, "not-sure", **details)] == on_not_sure


def test_an_active_autoimmune_disease_is_said_in_the_reason():
    active, calm = (
        answered("autoimmune-disease", "yes", active=active)[0].reason for active in (True, False)
    )

    assert (active.endswith("active now."), "active now" in calm) == (True, False)


@pytest.mark.parametrize(
    ("area", "is_strong"), [(Area.NECK_BANDS, True), (Area.NECK_LINES, True), (Area.CHIN, False)]
)
def test_trouble_swallowing_is_worded_strongly_where_the_neck_is_wanted(area, is_strong):
    (flag,) = [
        flag
        for flag in answered("swallowing-or-breathing-problem", "yes", (Concern(area),))
        if flag.topic == "swallowing-or-breathing-problem"
    ]

    assert ("swallowing muscles" in flag.reason) is is_strong


def test_trouble_swallowing_is_worded_strongly_where_the_neck_is_planned_and_not_wanted():
    history = {Topic.SWALLOWING_OR_BREATHING_PROBLEM: Answer(AnswerValue.YES)}
    line = PlanLine(product="onabotulinumtoxinA", area=Area.NECK_BANDS, units=Decimal(26))

    (flag,) = evaluate(make_case(history=history, plan=(line,))).flags

    assert "swallowing muscles" in flag.reason


@pytest.mark.parametrize(
    ("named", "areas"),
    [
        ({"areas": ["chin"]}, (Area.CHIN,)),
        ({"areas": ["palms", "chin", "palms"]}, (Area.CHIN, Area.PALMS)),
        ({}, (Area.GLABELLA, Area.LIPS)),
        ({"areas": []}, (Area.GLABELLA, Area.LIPS)),
    ],
)
def test_an_infection_is_where_the_answer_says_else_in_every_wanted_area(named, areas):
    wanted = (Concern(Area.LIPS), Concern(Area.GLABELLA))

    (flag,) = answered("infection-at-site", "yes", concerns=wanted, **named)

    assert flag.scope.areas == areas


def test_an_infection_without_any_area_is_everywhere():
    (flag,) = answered("infection-at-site", "yes")

    assert flag.scope.areas is None


@pytest.mark.parametrize(
    ("value", "sessions", "asks"),
    [
        ("yes", [], True),
        ("yes", [ToxinSession(date(2026, 5, 4), units=Decimal(20))], False),
        ("not-sure", [], False),
    ],
)
def test_a_recent_toxin_yes_without_sessions_changes_only_the_reason(value, sessions, asks):
    (flag,) = answered("recent-toxin", value, sessions=sessions)

    assert ("No session is given" in flag.reason) is asks
    assert in_words(flag) == "caution toxin"


def test_where_toxin_was_given_stands_in_the_reason_and_nowhere_else():
    day = date(2026, 5, 4)
    sessions = [ToxinSession(day, where="neck"), ToxinSession(day), ToxinSession(day, where="jaw")]

    (flag,) = answered("recent-toxin", "yes", sessions=sessions)
    (bare,) = answered("recent-toxin", "yes", sessions=[ToxinSession(day)])

    assert flag.reason == f"{bare.reason} Given, as the patient says: neck, jaw."
    assert (flag.scope, flag.level, flag.causes) == (bare.scope, bare.level, bare.causes)


@pytest.mark.parametrize("times", ["once", "more"])
def test_how_often_a_lid_drooped_does_not_change_the_flag(times):
    given = answered("previous-droop-after-toxin", "yes", times=times)

    assert given == answered("previous-droop-after-toxin", "yes")


@pytest.mark.parametrize(
    ("finding", "flag", "raised_by"),
    [
        (
            {"neuromuscular_disease": True},
            "absolute toxin",
            "findings.neuromuscular_disease = yes",
        ),
        (
            {"droop_after_toxin": DroopTimes.ONCE},
            UPPER_TOXIN,
            "findings.droop_after_toxin = once",
        ),
        (
            {"droop_after_toxin": DroopTimes.MORE},
            UPPER_TOXIN,
            "findings.droop_after_toxin = more",
        ),
        (
            {"eyelid_or_brow_surgery": True},
            UPPER_TOXIN,
            "findings.eyelid_or_brow_surgery = yes",
        ),
    ],
)
def test_a_finding_that_says_yes_raises_the_flag_of_its_question(finding, flag, raised_by):
    (raised,) = evaluate(make_case(findings=Findings(**finding))).flags

    assert (in_words(raised), raised.raised_by) == (flag, raised_by)


@pytest.mark.parametrize(
    "finding",
    [
        {"neuromuscular_disease": False},
        {"droop_after_toxin": DroopTimes.NONE},
        {"eyelid_or_brow_surgery": False},
        {"fatigable": True},
    ],
)
def test_a_finding_that_says_no_or_answers_no_question_raises_no_flag(finding):
    assert evaluate(make_case(findings=Findings(**finding))).flags == ()


def test_an_answer_and_a_finding_that_agree_are_one_flag_raised_by_both():
    case = make_case(
        history={Topic.NEUROMUSCULAR_DISEASE: Answer(AnswerValue.YES)},
        findings=Findings(neuromuscular_disease=True),
    )

    (flag,) = evaluate(case).flags

    assert flag.raised_by == (
        "history.neuromuscular-disease = yes; findings.neuromuscular_disease = yes"
    )


def test_a_finding_that_confirms_a_not_sure_takes_the_mark_away():
    case = make_case(
        history={Topic.PREVIOUS_DROOP_AFTER_TOXIN: Answer(AnswerValue.NOT_SURE)},
        findings=Findings(droop_after_toxin=DroopTimes.ONCE),
    )

    (flag,) = evaluate(case).flags

    assert flag.reason == "Feeds the droop rules."
    assert flag.raised_by == (
        "history.previous-droop-after-toxin = not-sure; findings.droop_after_toxin = once"
    )


def test_a_finding_beside_a_not_sure_is_the_stop_and_the_doubt_stays_a_caution():
    case = make_case(
        history={Topic.NEUROMUSCULAR_DISEASE: Answer(AnswerValue.NOT_SURE)},
        findings=Findings(neuromuscular_disease=True),
    )

    assert [(in_words(flag), flag.raised_by) for flag in evaluate(case).flags] == [
        ("absolute toxin", "findings.neuromuscular_disease = yes"),
        ("caution toxin", "history.neuromuscular-disease = not-sure"),
    ]


def test_a_physicians_no_does_not_silence_the_patients_yes():
    case = make_case(
        history={Topic.NEUROMUSCULAR_DISEASE: Answer(AnswerValue.YES)},
        findings=Findings(neuromuscular_disease=False),
    )

    assert [in_words(flag) for flag in evaluate(case).flags] == ["absolute toxin"]


@pytest.mark.parametrize(
    ("born_on", "flags"),
    [
        (date(2008, 6, 16), [("under-18", "absolute both", "age = 17", "ACT")]),
        (date(2008, 6, 15), [("young-adult-and-filler", "caution filler", "age = 18", "FF")]),
        (date(2004, 6, 16), [("young-adult-and-filler", "caution filler", "age = 21", "FF")]),
        (date(2004, 6, 15), []),
        (date(1961, 6, 16), []),
        (
            date(1961, 6, 15),
            [
                ("age-65-and-over", f"caution toxin {ABO}", "age = 65", "DY"),
                ("age-65-and-over", "information toxin", "age = 65", "DY"),
            ],
        ),
    ],
)
def test_each_age_raises_its_row_from_the_birthday_on(born_on, flags):
    raised = evaluate(make_case(born_on=born_on)).flags

    assert [(f.topic, in_words(f), f.raised_by, f.source) for f in raised] == flags


@pytest.mark.parametrize(
    ("today", "topic"),
    [(date(2026, 2, 28), "under-18"), (date(2026, 3, 1), "young-adult-and-filler")],
)
def test_someone_born_on_a_leap_day_is_18_on_the_first_of_march(today, topic):
    (flag,) = evaluate(make_case(born_on=date(2008, 2, 29), today=today)).flags

    assert flag.topic == topic
