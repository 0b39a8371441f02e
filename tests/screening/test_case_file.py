"""Values that a case file cannot have: refused by case and key, with what is allowed."""

import pytest

from tests.screening.own_cases import HEAD, MINIMAL

AREAS = (
    "forehead, glabella, crows-feet, bunny-lines, tear-trough, cheeks, nasolabial-folds, "
    "perioral, lips, marionette, chin, masseter, jawline, neck-bands, neck-lines, axillae, palms"
)
SWEATING = "unknown key; known are side, hdss, creams_failed"
SEEN = "unknown key; known are side, in_motion, at_rest, volume, bulk, fws, wsrs"
FWS = "allowed is a whole number from 0 to 3"
HDSS = "allowed is a whole number from 1 to 4"
MRD1 = "allowed is -5 to 8 mm, with at most one decimal"
LENGTH = "allowed is 0 to 20 mm, with at most one decimal"
A_LENGTH = "allowed is a number, 0 to 20 mm, with at most one decimal"
ABOVE_0 = "allowed is a number above 0"
A_DATE = "allowed is a date like 2026-06-15"
ANSWERS = "allowed is yes, no, not-sure, or a mapping with answer"


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        # Unknown keys, at each level.
        ("plans: []", "plans", "unknown key; known are id, today, patient, concerns, history, "
         "distress, findings, plan"),
        ("1: []", "1", "unknown key; known are id, today"),
        ("history: {diabetes: yes}", "history.diabetes", "unknown key; known are pregnancy, "),
        ("history: {under-18: yes}", "history.under-18", "unknown key; known are pregnancy, "),
        ("history: {pregnancy: {answer: yes, weeks: 3}}", "history.pregnancy.weeks",
         "unknown key; known are answer"),
        ("history: {cold-sores: {answer: yes, areas: [lips]}}", "history.cold-sores.areas",
         "unknown key; known are answer, now"),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-05-01, dose: 20}]}}",
         "history.recent-toxin.sessions[0].dose", "unknown key; known are date, product, units"),
        ("distress: {g1: yes}", "distress.g1", "unknown key; known are time_a_day, upset"),
        ("findings: {mrd1: 4}", "findings.mrd1", "unknown key; known are brow_right, brow_left"),
        ("plan: [{product: Restylane, area: lips, volume: 1}]", "plan[0].volume",
         "unknown key; known are product, area, units, sites, ml"),
        # Missing.
        ("history: {human-albumin: {kind: allergy}}", "history.human-albumin.answer",
         "is missing; allowed is yes, no, not-sure"),
        ("history: {recent-toxin: {answer: yes, sessions: [{units: 20}]}}",
         "history.recent-toxin.sessions[0].date", "is missing; allowed is a date like"),
        ("plan: [{product: Restylane}]", "plan[0].area", f"is missing; allowed is {AREAS}"),
        ("plan: [{area: lips}]", "plan[0].product", "is missing; allowed is onabotulinumtoxinA, "),
        # Wrong types, and sections that are none.
        ("history: [pregnancy]", "history", "allowed is keys with values"),
        ("history: yes", "history", "allowed is keys with values"),
        ("distress: often", "distress", "allowed is keys with values"),
        ("findings: [1]", "findings", "allowed is keys with values"),
        ("plan: {product: Restylane}", "plan", "allowed is a list"),
        ("plan: [Restylane]", "plan[0]", "allowed is keys with values"),
        ("history: {pregnancy: }", "history.pregnancy", ANSWERS),
        ("history: {pregnancy: maybe}", "history.pregnancy", ANSWERS),
        ("history: {pregnancy: 1}", "history.pregnancy", ANSWERS),
        ("history: {pregnancy: [yes]}", "history.pregnancy", ANSWERS),
        ("history: {pregnancy: Yes please}", "history.pregnancy", ANSWERS),
        ("history: {cold-sores: {answer: 1}}", "history.cold-sores.answer",
         "allowed is yes, no, not-sure"),
        ("history: {recent-toxin: {answer: yes, sessions: 2}}", "history.recent-toxin.sessions",
         "allowed is a list"),
        ("history: {recent-toxin: {answer: yes, sessions: [2026-05-01]}}",
         "history.recent-toxin.sessions[0]", "allowed is keys with values"),
        ("history: {infection-at-site: {answer: yes, areas: chin}}",
         "history.infection-at-site.areas", f"allowed is a list of {AREAS}"),
        # Values that a key does not take.
        ("history: {infection-at-site: {answer: yes, areas: [chin, elbow]}}",
         "history.infection-at-site.areas", f"allowed is a list of {AREAS}"),
        ("history: {human-albumin: {answer: yes, kind: illness}}", "history.human-albumin.kind",
         "allowed is allergy, objection"),
        ("history: {recent-vaccine-or-illness: {answer: yes, kind: allergy}}",
         "history.recent-vaccine-or-illness.kind", "allowed is illness, vaccine"),
        ("history: {previous-droop-after-toxin: {answer: yes, times: none}}",
         "history.previous-droop-after-toxin.times", "allowed is once, more"),
        ("history: {cold-sores: {answer: yes, now: not-sure}}", "history.cold-sores.now",
         "allowed is true, false"),
        ("history: {autoimmune-disease: {answer: yes, active: 1}}",
         "history.autoimmune-disease.active", "allowed is true, false"),
        ("distress: {upset: no}", "distress.upset", "allowed is not, a-little, a-lot, extremely"),
        ("distress: {time_a_day: 3}", "distress.time_a_day",
         "allowed is under-15-min, 15-59-min, 1-3-h, over-3-h"),
        ("distress: {keeps_from: yes}", "distress.keeps_from", "allowed is no, sometimes, often"),
        ("distress: {unhappy_after: more}", "distress.unhappy_after",
         "allowed is none, once, twice-or-more"),
        ("distress: {others_hardly_see: not-sure}", "distress.others_hardly_see",
         "allowed is no, yes, not-asked"),
        ("distress: {will_change_life: maybe}", "distress.will_change_life",
         "allowed is no, partly, yes"),
        ("distress: {unsafe: not-sure}", "distress.unsafe",
         "allowed is no, yes, prefer-not-to-say"),
        ("findings: {brow_left: low}", "findings.brow_left", "allowed is above, at, below"),
        ("findings: {dermatochalasis: no}", "findings.dermatochalasis",
         "allowed is none, mild, moderate, severe"),
        ("findings: {droop_after_toxin: yes}", "findings.droop_after_toxin",
         "allowed is none, once, more"),
        ("findings: {fatigable: not-sure}", "findings.fatigable", "allowed is yes, no"),
        ("findings: {short_forehead: 1}", "findings.short_forehead", "allowed is yes, no"),
        # Numbers.
        ("findings: {mrd1_right: -5.1}", "findings.mrd1_right", MRD1),
        ("findings: {mrd1_left: 8.1}", "findings.mrd1_left", MRD1),
        ("findings: {mrd1_left: 2.85}", "findings.mrd1_left", MRD1),
        ("findings: {levator_left: 20.1}", "findings.levator_left",
         LENGTH),
        ("findings: {snap_back_right: 30.1}", "findings.snap_back_right",
         "allowed is 0 to 30 seconds, with at most one decimal"),
        ("findings: {distraction_right: -0.1}", "findings.distraction_right",
         LENGTH),
        ("findings: {mrd1_right: .nan}", "findings.mrd1_right", MRD1),
        ("findings: {mrd1_right: -.inf}", "findings.mrd1_right", MRD1),
        ("findings: {levator_right: true}", "findings.levator_right", A_LENGTH),
        ("findings: {levator_right: '15'}", "findings.levator_right", A_LENGTH),
        ("findings: {levator_right: }", "findings.levator_right", A_LENGTH),
        ("plan: [{product: Restylane, area: chin, ml: 0}]", "plan[0].ml", ABOVE_0),
        ("plan: [{product: Restylane, area: chin, ml: .nan}]", "plan[0].ml", ABOVE_0),
        ("plan: [{product: Restylane, area: chin, ml: .inf}]", "plan[0].ml", ABOVE_0),
        ("plan: [{product: Restylane, area: chin, ml: true}]", "plan[0].ml", ABOVE_0),
        ("plan: [{product: onabotulinumtoxinA, area: chin, sites: 0}]", "plan[0].sites",
         "allowed is a whole number from 1 to 100"),
        ("plan: [{product: onabotulinumtoxinA, area: chin, sites: 2.5}]", "plan[0].sites",
         "allowed is a whole number from 1 to 100"),
        ("plan: [{product: daxibotulinumtoxinA, area: chin, units: .nan}]",
         "plan[0].units", ABOVE_0),
        ("plan: [{product: Restylane, area: lips, ml: -1}]", "plan[0].ml", ABOVE_0),
        ("plan: [{product: Restylane, area: lips, units: 4}]", "plan[0].units",
         "allowed is a toxin only"),
        ("plan: [{product: Restylane, area: lips}, "
         "{product: daxibotulinumtoxinA, area: chin, ml: 1}]",
         "plan[1].ml", "allowed is a filler only"),
        ("plan: [{product: Restylane-family, area: lips}]", "plan[0].product",
         "allowed is onabotulinumtoxinA, "),
        ("plan: [{product: Restylane, area: nose}]", "plan[0].area", f"allowed is {AREAS}"),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-05-01, units: 0}]}}",
         "history.recent-toxin.sessions[0].units", ABOVE_0),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-05-01, where: 3}]}}",
         "history.recent-toxin.sessions[0].where", "allowed is a text"),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-05-01, product: Botox}]}}",
         "history.recent-toxin.sessions[0].product", "allowed is onabotulinumtoxinA, "),
        # Dates.
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-06-16}]}}",
         "history.recent-toxin.sessions.date", "allowed is a date not after today"),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-02-30}]}}",
         "history.recent-toxin.sessions[0].date", A_DATE),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: 2026-05-01 10:00:00}]}}",
         "history.recent-toxin.sessions[0].date", A_DATE),
        ("history: {recent-toxin: {answer: yes, sessions: [{date: last May}]}}",
         "history.recent-toxin.sessions[0].date", A_DATE),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_case_and_key_with_what_is_allowed(
    refusal, lines, key, said
):
    (problem,) = refusal(f"{MINIMAL}  {lines}\n")

    assert problem.startswith(f"case one: {key}: {said}")


@pytest.mark.parametrize(
    ("concern", "key", "said"),
    [
        ("{}", "concerns[0].area", f"allowed is {AREAS}"),
        ("{area: nose}", "concerns[0].area", f"allowed is {AREAS}"),
        ("{area: [lips]}", "concerns[0].area", f"allowed is {AREAS}"),
        ("lips", "concerns[0]", "allowed is keys with values"),
        ("{area: lips, hdss: 3}", "concerns.lips.hdss", SEEN),
        ("{area: lips, creams_failed: yes}", "concerns.lips.creams_failed", SEEN),
        ("{area: palms, fws: 2}", "concerns.palms.fws", SWEATING),
        ("{area: palms, in_motion: true}", "concerns.palms.in_motion",
         SWEATING),
        ("{area: lips, side: middle}", "concerns.lips.side", "allowed is left, right, both"),
        ("{area: lips, in_motion: 1}", "concerns.lips.in_motion", "allowed is true, false"),
        ("{area: lips, at_rest: not-sure}", "concerns.lips.at_rest", "allowed is true, false"),
        ("{area: lips, fws: 4}", "concerns.lips.fws", FWS),
        ("{area: lips, fws: -1}", "concerns.lips.fws", FWS),
        ("{area: lips, fws: 1.5}", "concerns.lips.fws", FWS),
        ("{area: lips, fws: true}", "concerns.lips.fws", FWS),
        ("{area: lips, fws: '2'}", "concerns.lips.fws", FWS),
        ("{area: lips, fws: .nan}", "concerns.lips.fws", FWS),
        ("{area: lips, wsrs: 0}", "concerns.lips.wsrs", "allowed is a whole number from 1 to 5"),
        ("{area: lips, wsrs: 6}", "concerns.lips.wsrs", "allowed is a whole number from 1 to 5"),
        ("{area: palms, hdss: 0}", "concerns.palms.hdss", HDSS),
        ("{area: palms, hdss: 5}", "concerns.palms.hdss", HDSS),
        ("{area: palms, hdss: .inf}", "concerns.palms.hdss", HDSS),
    ],
)  # fmt: skip
def test_a_concern_that_does_not_fit_is_refused_by_its_area(refusal, concern, key, said):
    (problem,) = refusal(f"{HEAD}  concerns: [{concern}]\n")

    assert problem.startswith(f"case one: {key}: {said}")
