-- The truths of design section 4 for SQLite. Statements are parted by lines of three dashes.
-- Every check is written as "refuse unless it holds", so that NULL or text that is no date refuses.
-- INSERT OR REPLACE deletes without firing delete triggers: frozen tables refuse a taken key.
-- Foreign keys can be put off until the commit, and rowid is another name of id that "UPDATE OF id"
-- does not hear: a row that a truth rests on keeps its number and is not deleted under it.
---
-- Truth 1: an actor is never in two overlapping active periods. Both bounds on starts_at keep the
-- search inside the index; that no period reaches a day makes the lower one right. Text would sort
-- after every number.
CREATE TRIGGER participant_is_under_a_day_insert BEFORE INSERT ON participant
BEGIN
  SELECT RAISE(ABORT, 'truth 1: a period is shorter than a day')
  WHERE NOT COALESCE(
    typeof(NEW.starts_at) = 'integer' AND typeof(NEW.ends_at) = 'integer'
    AND NEW.ends_at - NEW.starts_at BETWEEN 1 AND 86399999999, 0);
END
---
CREATE TRIGGER participant_is_under_a_day_update BEFORE UPDATE ON participant
BEGIN
  SELECT RAISE(ABORT, 'truth 1: a period is shorter than a day')
  WHERE NOT COALESCE(
    typeof(NEW.starts_at) = 'integer' AND typeof(NEW.ends_at) = 'integer'
    AND NEW.ends_at - NEW.starts_at BETWEEN 1 AND 86399999999, 0);
END
---
CREATE TRIGGER participant_no_overlap_insert BEFORE INSERT ON participant WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'truth 1: overlapping periods of one actor')
  WHERE EXISTS (
    SELECT 1 FROM participant p
    WHERE p.actor_id = NEW.actor_id AND p.active
      AND p.starts_at < NEW.ends_at AND p.starts_at > NEW.starts_at - 86400000000
      AND p.ends_at > NEW.starts_at);
END
---
CREATE TRIGGER participant_no_overlap_update
BEFORE UPDATE ON participant WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'truth 1: overlapping periods of one actor')
  WHERE EXISTS (
    SELECT 1 FROM participant p
    WHERE p.actor_id = NEW.actor_id AND p.active AND p.id <> OLD.id
      AND p.starts_at < NEW.ends_at AND p.starts_at > NEW.starts_at - 86400000000
      AND p.ends_at > NEW.starts_at);
END
---
CREATE TRIGGER participant_follows_visit_insert BEFORE INSERT ON participant
BEGIN
  SELECT RAISE(ABORT, 'truth 1: active follows the state of the visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM appointment a WHERE a.id = NEW.appointment_id
      AND NEW.active = (a.status NOT IN ('cancelled', 'noshow')));
  SELECT RAISE(ABORT, 'truth 1: a participant is taken up for the whole visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM appointment a WHERE a.id = NEW.appointment_id
      AND NEW.starts_at <= a.starts_at AND NEW.ends_at >= a.ends_at);
  SELECT RAISE(ABORT, 'truth 1: a participant is never replaced')
  WHERE EXISTS (SELECT 1 FROM participant p WHERE p.id = NEW.id);
END
---
CREATE TRIGGER participant_follows_visit_update BEFORE UPDATE ON participant
BEGIN
  SELECT RAISE(ABORT, 'truth 1: active follows the state of the visit')
  WHERE NEW.id <> OLD.id OR NEW.appointment_id <> OLD.appointment_id OR NOT EXISTS (
    SELECT 1 FROM appointment a WHERE a.id = NEW.appointment_id
      AND NEW.active = (a.status NOT IN ('cancelled', 'noshow'))
      AND (a.status IN ('proposed', 'booked')
           OR (NEW.actor_id = OLD.actor_id
               AND NEW.starts_at = OLD.starts_at AND NEW.ends_at = OLD.ends_at)));
  SELECT RAISE(ABORT, 'truth 1: a participant is taken up for the whole visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM appointment a WHERE a.id = NEW.appointment_id
      AND NEW.starts_at <= a.starts_at AND NEW.ends_at >= a.ends_at);
END
---
CREATE TRIGGER participant_stays BEFORE DELETE ON participant
BEGIN
  SELECT RAISE(ABORT, 'truth 1: participants are never deleted');
END
---
CREATE TRIGGER appointment_frees_participants AFTER UPDATE OF status ON appointment
WHEN (NEW.status IN ('cancelled', 'noshow')) <> (OLD.status IN ('cancelled', 'noshow'))
BEGIN
  UPDATE participant SET active = (NEW.status NOT IN ('cancelled', 'noshow'))
  WHERE appointment_id = NEW.id;
END
---
-- A visit that moves takes its participants along, buffers and all, to whom and when they were
-- told to go, or shifted by as much; the overlap rule then judges.
CREATE TRIGGER appointment_moves_participants AFTER UPDATE OF starts_at, ends_at ON appointment
WHEN NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at
BEGIN
  UPDATE participant
  SET actor_id = COALESCE(next_actor_id, actor_id),
      starts_at = COALESCE(next_starts_at, starts_at + (NEW.starts_at - OLD.starts_at)),
      ends_at = COALESCE(next_ends_at, ends_at + (NEW.ends_at - OLD.ends_at)),
      next_actor_id = NULL, next_starts_at = NULL, next_ends_at = NULL
  WHERE appointment_id = NEW.id;
END
---
CREATE TRIGGER appointment_begins_with_everybody BEFORE UPDATE ON appointment
WHEN NEW.status = 'arrived' AND OLD.status IN ('booked', 'noshow')
BEGIN
  SELECT RAISE(ABORT, 'truth 1: a visit takes up its physician, a room and its patient')
  WHERE NOT EXISTS (
      SELECT 1 FROM participant p JOIN practitioner x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id)
    OR NOT EXISTS (
      SELECT 1 FROM participant p JOIN room x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id)
    OR NOT EXISTS (
      SELECT 1 FROM participant p JOIN patient x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id AND x.id = NEW.patient_id);
END
---
CREATE TRIGGER practitioner_keeps_the_actor BEFORE UPDATE ON practitioner
WHEN NEW.actor_id IS NOT OLD.actor_id
BEGIN
  SELECT RAISE(ABORT, 'truth 1: nobody has a second agenda');
END
---
CREATE TRIGGER patient_keeps_the_actor BEFORE UPDATE ON patient
WHEN NEW.actor_id IS NOT OLD.actor_id
BEGIN
  SELECT RAISE(ABORT, 'truth 1: nobody has a second agenda');
END
---
CREATE TRIGGER room_keeps_the_actor BEFORE UPDATE ON room
WHEN NEW.actor_id IS NOT OLD.actor_id
BEGIN
  SELECT RAISE(ABORT, 'truth 1: no room has a second agenda');
END
---
CREATE TRIGGER device_keeps_the_actor BEFORE UPDATE ON device
WHEN NEW.actor_id IS NOT OLD.actor_id
BEGIN
  SELECT RAISE(ABORT, 'truth 1: no device has a second agenda');
END
---
-- Truth 2: a treatment visit needs an approval that covers it, when stored, moved, confirmed or
-- checked in. Steps back (arrived to booked, in-room to arrived) open no door and are not asked.
-- A kind of service that nobody knows, or a service not stored yet, counts as a treatment.
CREATE TRIGGER appointment_gate_insert BEFORE INSERT ON appointment
WHEN NEW.status NOT IN ('cancelled', 'noshow')
 AND COALESCE((SELECT kind FROM service WHERE id = NEW.service_id), '')
   NOT IN ('consultation', 'follow-up')
BEGIN
  SELECT RAISE(ABORT, 'truth 2: no approval in force for this visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM approval p JOIN service s ON s.id = NEW.service_id
    WHERE p.id = NEW.approval_id AND p.patient_id = NEW.patient_id
      AND NEW.starts_on BETWEEN p.valid_from AND p.valid_until
      AND (SELECT COUNT(*) FROM approval_scope c WHERE c.approval_id = p.id) = p.scope_count
      AND (s.kind = 'filler' OR EXISTS (
        SELECT 1 FROM approval_scope c WHERE c.approval_id = p.id AND c.modality = 'toxin'))
      AND (s.kind = 'toxin' OR EXISTS (
        SELECT 1 FROM approval_scope c WHERE c.approval_id = p.id AND c.modality = 'filler'))
      AND NOT EXISTS (
        SELECT 1 FROM screening_note n WHERE n.id = p.note_id AND n.by_live_video
          AND NOT COALESCE((SELECT v.live_video_counts FROM profile_version v
                            ORDER BY v.id DESC LIMIT 1), 0))
      AND NOT EXISTS (
        SELECT 1 FROM approval_event e
        WHERE e.approval_id = p.id AND e.kind IN ('withdrawn', 'superseded'))
      AND COALESCE((
        SELECT e.kind FROM approval_event e
        WHERE e.approval_id = p.id AND e.kind IN ('suspended', 'resumed')
        ORDER BY e.id DESC LIMIT 1), 'resumed') = 'resumed');
END
---
CREATE TRIGGER appointment_gate_update
BEFORE UPDATE ON appointment
WHEN NEW.status IN ('proposed', 'booked', 'arrived', 'in-room')
 AND COALESCE((SELECT kind FROM service WHERE id = NEW.service_id), '')
   NOT IN ('consultation', 'follow-up')
 AND NOT (NEW.starts_at IS OLD.starts_at AND NEW.starts_on IS OLD.starts_on
          AND NEW.patient_id IS OLD.patient_id AND NEW.service_id IS OLD.service_id
          AND NEW.approval_id IS OLD.approval_id
          AND (NEW.status = OLD.status
               OR (OLD.status = 'arrived' AND NEW.status = 'booked')
               OR (OLD.status = 'in-room' AND NEW.status = 'arrived')))
BEGIN
  SELECT RAISE(ABORT, 'truth 2: no approval in force for this visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM approval p JOIN service s ON s.id = NEW.service_id
    WHERE p.id = NEW.approval_id AND p.patient_id = NEW.patient_id
      AND NEW.starts_on BETWEEN p.valid_from AND p.valid_until
      AND (SELECT COUNT(*) FROM approval_scope c WHERE c.approval_id = p.id) = p.scope_count
      AND (s.kind = 'filler' OR EXISTS (
        SELECT 1 FROM approval_scope c WHERE c.approval_id = p.id AND c.modality = 'toxin'))
      AND (s.kind = 'toxin' OR EXISTS (
        SELECT 1 FROM approval_scope c WHERE c.approval_id = p.id AND c.modality = 'filler'))
      AND NOT EXISTS (
        SELECT 1 FROM screening_note n WHERE n.id = p.note_id AND n.by_live_video
          AND NOT COALESCE((SELECT v.live_video_counts FROM profile_version v
                            ORDER BY v.id DESC LIMIT 1), 0))
      AND NOT EXISTS (
        SELECT 1 FROM approval_event e
        WHERE e.approval_id = p.id AND e.kind IN ('withdrawn', 'superseded'))
      AND COALESCE((
        SELECT e.kind FROM approval_event e
        WHERE e.approval_id = p.id AND e.kind IN ('suspended', 'resumed')
        ORDER BY e.id DESC LIMIT 1), 'resumed') = 'resumed');
END
---
CREATE TRIGGER service_kind_stays BEFORE UPDATE ON service
WHEN NEW.kind IS NOT OLD.kind OR NEW.id <> OLD.id OR NEW.public_id IS NOT OLD.public_id
BEGIN
  SELECT RAISE(ABORT, 'truth 2: the kind of a service never changes');
END
---
CREATE TRIGGER service_stays BEFORE DELETE ON service
WHEN EXISTS (SELECT 1 FROM appointment a WHERE a.service_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 2: a service with visits is never deleted');
END
---
CREATE TRIGGER service_is_not_replaced BEFORE INSERT ON service
WHEN EXISTS (SELECT 1 FROM service s WHERE s.id = NEW.id OR s.public_id = NEW.public_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 2: a service is never replaced');
END
---
-- Truth 3: an approval needs a signed note of a fulfilled consultation with that patient, by a
-- physician licensed on that day who is not the patient; at most twelve months long.
CREATE TRIGGER approval_needs_note BEFORE INSERT ON approval
BEGIN
  SELECT RAISE(ABORT, 'truth 3: no signed note of a consultation carries this approval')
  WHERE NOT EXISTS (
    SELECT 1 FROM screening_note n
    JOIN appointment a ON a.id = n.appointment_id
    JOIN service s ON s.id = a.service_id
    WHERE n.id = NEW.note_id AND n.signed_at IS NOT NULL AND n.decision = 'approve'
      AND n.patient_id = NEW.patient_id AND a.patient_id = NEW.patient_id
      AND n.practitioner_id = NEW.practitioner_id AND n.signed_on = NEW.given_on
      AND s.kind = 'consultation' AND a.status = 'fulfilled');
  SELECT RAISE(ABORT, 'truth 3: here only a consultation in person carries an approval')
  WHERE EXISTS (
    SELECT 1 FROM screening_note n WHERE n.id = NEW.note_id AND n.by_live_video
      AND NOT COALESCE((SELECT v.live_video_counts FROM profile_version v
                        ORDER BY v.id DESC LIMIT 1), 0));
  SELECT RAISE(ABORT, 'truth 3: the physician is not licensed on that day')
  WHERE NOT EXISTS (
    SELECT 1 FROM credential c
    WHERE c.practitioner_id = NEW.practitioner_id AND c.kind = 'licence'
      AND c.valid_from = date(c.valid_from) AND c.valid_until = date(c.valid_until)
      AND NEW.given_on BETWEEN c.valid_from AND c.valid_until);
  SELECT RAISE(ABORT, 'truth 3: nobody approves their own treatment')
  WHERE NOT EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.id = NEW.practitioner_id
    WHERE t.id = NEW.patient_id AND (t.user_id IS NULL OR t.user_id IS NOT p.user_id));
  SELECT RAISE(ABORT, 'truth 3: an approval starts when given and lasts twelve months at most')
  WHERE NOT COALESCE(
    NEW.given_on = date(NEW.given_on) AND NEW.valid_from = date(NEW.valid_from)
    AND NEW.valid_until = date(NEW.valid_until)
    AND NEW.valid_from >= NEW.given_on AND NEW.valid_until >= NEW.valid_from
    AND CAST(strftime('%Y%m%d', NEW.valid_until) AS INTEGER)
      - CAST(strftime('%Y%m%d', NEW.given_on) AS INTEGER) <= 10000, 0);
  SELECT RAISE(ABORT, 'truth 3: an approval is superseded, never replaced')
  WHERE EXISTS (
    SELECT 1 FROM approval o
    WHERE o.id = NEW.id OR o.public_id = NEW.public_id OR o.note_id = NEW.note_id);
END
---
CREATE TRIGGER approval_never_changes BEFORE UPDATE ON approval
BEGIN
  SELECT RAISE(ABORT, 'truth 3: an approval is superseded, never edited');
END
---
CREATE TRIGGER approval_stays BEFORE DELETE ON approval
BEGIN
  SELECT RAISE(ABORT, 'truth 3: an approval is never deleted');
END
---
CREATE TRIGGER approval_scope_never_widens BEFORE INSERT ON approval_scope
BEGIN
  SELECT RAISE(ABORT, 'truth 3: an approval never widens')
  WHERE NOT EXISTS (
    SELECT 1 FROM approval p
    WHERE p.id = NEW.approval_id
      AND (SELECT COUNT(*) FROM approval_scope c WHERE c.approval_id = p.id) < p.scope_count)
    OR EXISTS (
      SELECT 1 FROM approval_scope c
      WHERE c.approval_id = NEW.approval_id AND c.modality = NEW.modality AND c.area = NEW.area);
END
---
CREATE TRIGGER approval_scope_never_changes BEFORE UPDATE ON approval_scope
BEGIN
  SELECT RAISE(ABORT, 'truth 3: the scope of an approval never changes');
END
---
CREATE TRIGGER approval_scope_stays BEFORE DELETE ON approval_scope
BEGIN
  SELECT RAISE(ABORT, 'truth 3: the scope of an approval never changes');
END
---
CREATE TRIGGER approval_event_is_added BEFORE INSERT ON approval_event
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a withdrawn or superseded approval stays so')
  WHERE EXISTS (
    SELECT 1 FROM approval_event e
    WHERE e.approval_id = NEW.approval_id AND e.kind IN ('withdrawn', 'superseded'));
  SELECT RAISE(ABORT, 'truth 3: no such event of an approval')
  WHERE NOT COALESCE(NEW.kind IN ('suspended', 'resumed', 'withdrawn', 'superseded'), 0);
  -- After the highest number SQLite takes any free one: a later event would not be the last.
  SELECT RAISE(ABORT, 'truth 3: an event of an approval is never replaced or slipped in before')
  WHERE EXISTS (SELECT 1 FROM approval_event e WHERE e.public_id = NEW.public_id)
    OR (NEW.id > 0
        AND NEW.id <> (SELECT COALESCE(MAX(e.id), 0) + 1 FROM approval_event e));
END
---
-- Truth 3: resuming. Paused, on the newest form that its patient sent, by a physician licensed on
-- that day who is somebody else; dated on the day it is done, between the approval's own days.
CREATE TRIGGER approval_event_resumes BEFORE INSERT ON approval_event
WHEN NEW.kind = 'resumed'
BEGIN
  SELECT RAISE(ABORT, 'truth 3: only a paused approval is resumed')
  WHERE NOT COALESCE((
    SELECT e.kind = 'suspended' AND e.at <= NEW.at FROM approval_event e
    WHERE e.approval_id = NEW.approval_id ORDER BY e.id DESC LIMIT 1), 0);
  SELECT RAISE(ABORT, 'truth 3: an approval is resumed on the newest form that its patient sent')
  WHERE NEW.intake_id IS NULL OR NEW.intake_id IS NOT (
    SELECT i.id FROM intake i JOIN approval p ON p.id = NEW.approval_id
    WHERE i.submitted_at IS NOT NULL AND i.patient_id IN (
      SELECT p.patient_id UNION ALL
      SELECT l.kept_id FROM patient_link l
      WHERE l.replaced_id = p.patient_id AND l.undone_at IS NULL UNION ALL
      SELECT l.replaced_id FROM patient_link l
      WHERE l.undone_at IS NULL AND l.kept_id = COALESCE((
        SELECT k.kept_id FROM patient_link k
        WHERE k.replaced_id = p.patient_id AND k.undone_at IS NULL), p.patient_id))
    ORDER BY i.submitted_at DESC, i.id DESC LIMIT 1);
  SELECT RAISE(ABORT, 'truth 3: a resumption is dated on its day, and the approval is not over')
  WHERE NOT EXISTS (
    SELECT 1 FROM approval p
    WHERE p.id = NEW.approval_id AND NEW.resumed_on = date(NEW.resumed_on)
      AND NEW.resumed_on BETWEEN p.valid_from AND p.valid_until
      AND abs(NEW.at - (CAST(strftime('%s', NEW.resumed_on) AS INTEGER) + 43200) * 1000000)
        <= 93600000000);
  SELECT RAISE(ABORT, 'truth 3: the physician is not licensed on that day')
  WHERE NOT EXISTS (
    SELECT 1 FROM credential c
    WHERE c.practitioner_id = NEW.practitioner_id AND c.kind = 'licence'
      AND c.valid_from = date(c.valid_from) AND c.valid_until = date(c.valid_until)
      AND NEW.resumed_on BETWEEN c.valid_from AND c.valid_until);
  SELECT RAISE(ABORT, 'truth 3: nobody resumes their own approval')
  WHERE NOT EXISTS (
    SELECT 1 FROM approval a JOIN patient t ON t.id = a.patient_id
    JOIN practitioner p ON p.id = NEW.practitioner_id
    WHERE a.id = NEW.approval_id AND (t.user_id IS NULL OR t.user_id IS NOT p.user_id));
  SELECT RAISE(ABORT, 'truth 3: nobody resumes their own approval')
  WHERE EXISTS (
    SELECT 1 FROM approval a
    JOIN patient_link l ON l.replaced_id = a.patient_id AND l.undone_at IS NULL
    JOIN patient t ON t.id = l.kept_id JOIN practitioner p ON p.user_id = t.user_id
    WHERE a.id = NEW.approval_id AND p.id = NEW.practitioner_id);
END
---
CREATE TRIGGER approval_event_never_changes BEFORE UPDATE ON approval_event
BEGIN
  SELECT RAISE(ABORT, 'truth 3: events of an approval are only added');
END
---
CREATE TRIGGER approval_event_stays BEFORE DELETE ON approval_event
BEGIN
  SELECT RAISE(ABORT, 'truth 3: events of an approval are only added');
END
---
-- Truth 3: signing. The consultation is with that patient and under way or over; the physician is
-- licensed and is somebody else. It is dated on the day of signing, not before the consultation's.
CREATE TRIGGER screening_note_signing_insert BEFORE INSERT ON screening_note
WHEN NEW.signed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a note starts as a draft');
END
---
CREATE TRIGGER screening_note_signing_update BEFORE UPDATE ON screening_note
WHEN OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a note is signed at a consultation with its patient')
  WHERE NOT EXISTS (
    SELECT 1 FROM appointment a JOIN service s ON s.id = a.service_id
    WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id
      AND s.kind = 'consultation' AND a.status IN ('in-room', 'fulfilled')
      AND NEW.signed_on >= a.starts_on);
  SELECT RAISE(ABORT, 'truth 3: a note is dated on the day it is signed')
  WHERE NOT COALESCE(NEW.signed_on = date(NEW.signed_on) AND abs(
    NEW.signed_at - (CAST(strftime('%s', NEW.signed_on) AS INTEGER) + 43200) * 1000000
  ) <= 93600000000, 0);
  SELECT RAISE(ABORT, 'truth 3: a note is signed on a form that its patient sent')
  WHERE NEW.intake_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM intake i WHERE i.id = NEW.intake_id
      AND i.submitted_at IS NOT NULL AND i.patient_id IN (
      SELECT NEW.patient_id UNION ALL
      SELECT l.kept_id FROM patient_link l
      WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL UNION ALL
      SELECT l.replaced_id FROM patient_link l
      WHERE l.undone_at IS NULL AND l.kept_id = COALESCE((
        SELECT k.kept_id FROM patient_link k
        WHERE k.replaced_id = NEW.patient_id AND k.undone_at IS NULL), NEW.patient_id)));
  SELECT RAISE(ABORT, 'truth 3: the physician is not licensed on that day')
  WHERE NOT EXISTS (
    SELECT 1 FROM credential c
    WHERE c.practitioner_id = NEW.practitioner_id AND c.kind = 'licence'
      AND c.valid_from = date(c.valid_from) AND c.valid_until = date(c.valid_until)
      AND NEW.signed_on BETWEEN c.valid_from AND c.valid_until);
  SELECT RAISE(ABORT, 'truth 3: nobody signs their own note')
  WHERE NOT EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.id = NEW.practitioner_id
    WHERE t.id = NEW.patient_id AND (t.user_id IS NULL OR t.user_id IS NOT p.user_id));
END
---
-- Truth 3: who signed stays who they were.
CREATE TRIGGER practitioner_stays_who_they_are BEFORE UPDATE ON practitioner
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a physician keeps their number')
  WHERE NEW.id <> OLD.id OR NEW.public_id IS NOT OLD.public_id OR EXISTS (
    SELECT 1 FROM practitioner p WHERE p.id <> OLD.id AND p.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'truth 3: nobody becomes the physician of their own note')
  WHERE EXISTS (
    SELECT 1 FROM screening_note n JOIN patient t ON t.id = n.patient_id
    WHERE n.practitioner_id = OLD.id AND n.signed_at IS NOT NULL AND t.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'truth 3: nobody becomes the physician who resumed their own approval')
  WHERE EXISTS (
    SELECT 1 FROM approval_event e JOIN approval a ON a.id = e.approval_id
    JOIN patient t ON t.id = a.patient_id
    WHERE e.practitioner_id = OLD.id AND t.user_id = NEW.user_id);
END
---
CREATE TRIGGER practitioner_is_not_replaced BEFORE INSERT ON practitioner
WHEN EXISTS (
  SELECT 1 FROM practitioner p WHERE p.id = NEW.id OR p.public_id = NEW.public_id
    OR p.actor_id = NEW.actor_id OR p.user_id = NEW.user_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a physician is never replaced');
END
---
CREATE TRIGGER practitioner_stays BEFORE DELETE ON practitioner
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a physician is never deleted');
END
---
CREATE TRIGGER patient_stays_somebody_else BEFORE UPDATE ON patient
WHEN NEW.user_id IS NOT OLD.user_id
BEGIN
  SELECT RAISE(ABORT, 'truth 3: nobody becomes the patient of their own note')
  WHERE EXISTS (
    SELECT 1 FROM screening_note n JOIN practitioner p ON p.id = n.practitioner_id
    WHERE n.patient_id = OLD.id AND n.signed_at IS NOT NULL AND p.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'truth 3: nobody becomes the patient whose approval they resumed')
  WHERE EXISTS (
    SELECT 1 FROM approval_event e JOIN approval a ON a.id = e.approval_id
    JOIN practitioner p ON p.id = e.practitioner_id
    WHERE a.patient_id = OLD.id AND p.user_id = NEW.user_id);
END
---
-- Truth 4: what is signed, sent or recorded never changes.
CREATE TRIGGER screening_note_signed_never_changes BEFORE UPDATE ON screening_note
WHEN OLD.signed_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id
  OR NEW.patient_id <> OLD.patient_id OR NEW.appointment_id <> OLD.appointment_id
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a signed note never changes');
END
---
CREATE TRIGGER screening_note_signed_stays BEFORE DELETE ON screening_note
WHEN OLD.signed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a signed note is never deleted');
END
---
CREATE TRIGGER screening_note_is_not_replaced BEFORE INSERT ON screening_note
WHEN EXISTS (SELECT 1 FROM screening_note n WHERE n.id = NEW.id OR n.public_id = NEW.public_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a note is never replaced');
END
---
CREATE TRIGGER intake_sent_never_changes BEFORE UPDATE ON intake
WHEN OLD.submitted_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a sent form never changes');
END
---
CREATE TRIGGER intake_takes_no_sent_key BEFORE UPDATE ON intake
WHEN EXISTS (
  SELECT 1 FROM intake i WHERE i.id <> OLD.id AND i.submitted_at IS NOT NULL
    AND (i.resume_hash = NEW.resume_hash OR i.supersedes_id = NEW.supersedes_id))
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a sent form is never replaced');
END
---
CREATE TRIGGER intake_sent_stays BEFORE DELETE ON intake WHEN OLD.submitted_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a sent form is never deleted');
END
---
CREATE TRIGGER intake_is_not_replaced BEFORE INSERT ON intake
WHEN EXISTS (
  SELECT 1 FROM intake i WHERE i.id = NEW.id OR i.public_id = NEW.public_id
    OR i.supersedes_id = NEW.supersedes_id OR i.resume_hash = NEW.resume_hash)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a form is never replaced');
END
---
CREATE TRIGGER photo_is_added_to_a_draft BEFORE INSERT ON photo
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a photo is added before its form is sent')
  WHERE NOT EXISTS (SELECT 1 FROM intake i WHERE i.id = NEW.intake_id AND i.submitted_at IS NULL);
  SELECT RAISE(ABORT, 'truth 4: a photo is never replaced')
  WHERE EXISTS (
    SELECT 1 FROM photo p WHERE p.id = NEW.id OR p.public_id = NEW.public_id
      OR (p.intake_id = NEW.intake_id AND p.view = NEW.view));
END
---
CREATE TRIGGER photo_is_only_erased BEFORE UPDATE ON photo
WHEN NOT (
  OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
  AND NEW.image_sealed IS NULL AND NEW.thumbnail_sealed IS NULL
  AND NEW.id = OLD.id AND NEW.public_id = OLD.public_id AND NEW.intake_id = OLD.intake_id
  AND NEW.data_key_id = OLD.data_key_id AND NEW.view = OLD.view AND NEW.width = OLD.width
  AND NEW.height = OLD.height AND NEW.size = OLD.size AND NEW.added_at = OLD.added_at)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a photo never changes; it is erased or stays');
END
---
CREATE TRIGGER photo_of_a_sent_form_stays BEFORE DELETE ON photo
WHEN EXISTS (SELECT 1 FROM intake i WHERE i.id = OLD.intake_id AND i.submitted_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a photo of a sent form is never deleted');
END
---
CREATE TRIGGER photo_consent_is_not_replaced BEFORE INSERT ON photo_consent
WHEN EXISTS (SELECT 1 FROM photo_consent c WHERE c.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a consent is never replaced');
END
---
-- Afterwards, because before it the number of a row that was given none is not known.
CREATE TRIGGER photo_consent_is_the_last_word AFTER INSERT ON photo_consent
WHEN EXISTS (SELECT 1 FROM photo_consent c WHERE c.id > NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a consent is never slipped in before');
END
---
CREATE TRIGGER photo_consent_never_changes BEFORE UPDATE ON photo_consent
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a consent never changes');
END
---
CREATE TRIGGER photo_consent_of_a_sent_form_stays BEFORE DELETE ON photo_consent
WHEN EXISTS (SELECT 1 FROM intake i WHERE i.id = OLD.intake_id AND i.submitted_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a consent of a sent form is never deleted');
END
---
CREATE TRIGGER flag_comes_before_its_seal BEFORE INSERT ON flag
BEGIN
  SELECT RAISE(ABORT, 'truth 4: flags are stored before the form is sent or the note signed')
  WHERE NOT (
    EXISTS (SELECT 1 FROM intake i WHERE i.id = NEW.intake_id AND i.submitted_at IS NULL)
    OR EXISTS (SELECT 1 FROM screening_note n WHERE n.id = NEW.note_id AND n.signed_at IS NULL));
  SELECT RAISE(ABORT, 'truth 4: a flag is never replaced')
  WHERE EXISTS (SELECT 1 FROM flag f WHERE f.id = NEW.id OR f.public_id = NEW.public_id);
END
---
CREATE TRIGGER flag_never_changes BEFORE UPDATE ON flag
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a flag never changes');
END
---
CREATE TRIGGER flag_stays BEFORE DELETE ON flag
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a flag is never deleted');
END
---
CREATE TRIGGER intake_confirmation_is_not_replaced BEFORE INSERT ON intake_confirmation
WHEN EXISTS (
  SELECT 1 FROM intake_confirmation c
  WHERE c.id = NEW.id OR c.public_id = NEW.public_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a confirmation never changes');
END
---
CREATE TRIGGER intake_confirmation_never_changes BEFORE UPDATE ON intake_confirmation
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a confirmation never changes');
END
---
CREATE TRIGGER intake_confirmation_stays BEFORE DELETE ON intake_confirmation
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a confirmation is never deleted');
END
---
CREATE TRIGGER addendum_is_not_replaced BEFORE INSERT ON addendum
WHEN EXISTS (SELECT 1 FROM addendum d WHERE d.id = NEW.id OR d.public_id = NEW.public_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an addendum never changes');
END
---
CREATE TRIGGER addendum_never_changes BEFORE UPDATE ON addendum
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an addendum never changes');
END
---
CREATE TRIGGER addendum_stays BEFORE DELETE ON addendum
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an addendum is never deleted');
END
---
-- Truth 4: a question before a consultation is a message while the patient is still to be seen.
CREATE TRIGGER question_comes_before_its_visit BEFORE INSERT ON question
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a question is asked before its consultation')
  WHERE NOT EXISTS (
    SELECT 1 FROM appointment a JOIN service s ON s.id = a.service_id
    WHERE a.id = NEW.appointment_id AND s.kind = 'consultation'
      AND a.status IN ('booked', 'arrived'));
  SELECT RAISE(ABORT, 'truth 4: a question never changes')
  WHERE EXISTS (SELECT 1 FROM question q WHERE q.id = NEW.id OR q.public_id = NEW.public_id);
END
---
CREATE TRIGGER question_never_changes BEFORE UPDATE ON question
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a question never changes');
END
---
CREATE TRIGGER question_stays BEFORE DELETE ON question
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a question is never deleted');
END
---
CREATE TRIGGER reply_is_not_replaced BEFORE INSERT ON reply
WHEN EXISTS (
  SELECT 1 FROM reply r
  WHERE r.id = NEW.id OR r.public_id = NEW.public_id OR r.note_id = NEW.note_id
    OR r.question_id = NEW.question_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a reply never changes');
END
---
-- A question before the visit is answered until the consultation is over: then it is decided.
CREATE TRIGGER reply_comes_before_the_decision BEFORE INSERT ON reply
WHEN NEW.question_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM question q JOIN appointment a ON a.id = q.appointment_id
  WHERE q.id = NEW.question_id AND a.status IN ('booked', 'arrived', 'in-room'))
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the consultation of this question is over');
END
---
CREATE TRIGGER reply_never_changes BEFORE UPDATE ON reply
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a reply never changes');
END
---
CREATE TRIGGER reply_stays BEFORE DELETE ON reply
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a reply is never deleted');
END
---
-- Truth 4: an emergency access is of somebody licensed (give or take a day: it has no local date) and
-- not of oneself; it lasts an hour at most, and all that may change is that it ends earlier.
CREATE TRIGGER emergency_access_is_opened BEFORE INSERT ON emergency_access
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an emergency access lasts an hour at most')
  WHERE NOT COALESCE(
    typeof(NEW.opened_at) = 'integer' AND typeof(NEW.until) = 'integer'
    AND NEW.until - NEW.opened_at BETWEEN 1 AND 3600000000, 0);
  SELECT RAISE(ABORT, 'truth 4: an emergency access needs a licence')
  WHERE NOT EXISTS (
    SELECT 1 FROM credential c
    WHERE c.practitioner_id = NEW.practitioner_id AND c.kind = 'licence'
      AND c.valid_from = date(c.valid_from) AND c.valid_until = date(c.valid_until)
      AND c.valid_from <= date(NEW.opened_at / 1000000, 'unixepoch', '+1 day')
      AND c.valid_until >= date(NEW.opened_at / 1000000, 'unixepoch', '-1 day'));
  SELECT RAISE(ABORT, 'truth 4: nobody opens their own record')
  WHERE NOT EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.id = NEW.practitioner_id
    WHERE t.id = NEW.patient_id AND (t.user_id IS NULL OR t.user_id IS NOT p.user_id));
  SELECT RAISE(ABORT, 'truth 4: an emergency access is never replaced')
  WHERE EXISTS (
    SELECT 1 FROM emergency_access e WHERE e.id = NEW.id OR e.public_id = NEW.public_id);
END
---
CREATE TRIGGER emergency_access_only_ends_earlier BEFORE UPDATE ON emergency_access
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an emergency access only ends earlier')
  WHERE NOT COALESCE(
    typeof(NEW.until) = 'integer' AND NEW.until BETWEEN OLD.opened_at AND OLD.until
    AND NEW.id = OLD.id AND NEW.public_id = OLD.public_id AND NEW.opened_at = OLD.opened_at
    AND NEW.practitioner_id = OLD.practitioner_id AND NEW.patient_id = OLD.patient_id
    AND NEW.data_key_id = OLD.data_key_id AND NEW.reason_sealed = OLD.reason_sealed, 0);
END
---
CREATE TRIGGER emergency_access_stays BEFORE DELETE ON emergency_access
BEGIN
  SELECT RAISE(ABORT, 'truth 4: an emergency access is never deleted');
END
---
CREATE TRIGGER audit_event_is_not_replaced BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event e WHERE e.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the audit log is only added to');
END
---
CREATE TRIGGER audit_event_never_changes BEFORE UPDATE ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the audit log is only added to');
END
---
CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the audit log is only added to');
END
---
-- Seals are numbered without a gap, each for one row: what is taken out or slipped in shows.
CREATE TRIGGER audit_seal_is_appended BEFORE INSERT ON audit_seal
WHEN NEW.id <> (SELECT COALESCE(MAX(s.id), 0) + 1 FROM audit_seal s)
  OR EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = NEW.event_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: a seal is added at the end of the chain');
END
---
CREATE TRIGGER audit_seal_never_changes BEFORE UPDATE ON audit_seal
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the chain of seals is only added to');
END
---
CREATE TRIGGER audit_seal_stays BEFORE DELETE ON audit_seal
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the chain of seals is only added to');
END
---
CREATE TRIGGER audit_chain_is_one BEFORE INSERT ON audit_chain
WHEN NEW.id <> 1 OR EXISTS (SELECT 1 FROM audit_chain)
BEGIN
  SELECT RAISE(ABORT, 'truth 4: there is one chain of seals');
END
---
CREATE TRIGGER audit_chain_never_changes BEFORE UPDATE ON audit_chain
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the chain keeps its key');
END
---
CREATE TRIGGER audit_chain_stays BEFORE DELETE ON audit_chain
BEGIN
  SELECT RAISE(ABORT, 'truth 4: the chain keeps its key');
END
---
-- Truth 5: nobody under 18 on the visit's date at the site has a visit. Dates as numbers
-- (yyyymmdd) put the birthday of 29 February on 1 March.
CREATE TRIGGER appointment_adult_insert BEFORE INSERT ON appointment
WHEN NEW.patient_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'truth 5: under 18 on the day of the visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM patient t WHERE t.id = NEW.patient_id
      AND CAST(strftime('%Y%m%d', NEW.starts_on) AS INTEGER)
        - CAST(strftime('%Y%m%d', t.born_on) AS INTEGER) >= 180000);
END
---
CREATE TRIGGER appointment_adult_update BEFORE UPDATE ON appointment
WHEN NEW.patient_id IS NOT NULL AND NEW.status NOT IN ('cancelled', 'noshow')
BEGIN
  SELECT RAISE(ABORT, 'truth 5: under 18 on the day of the visit')
  WHERE NOT EXISTS (
    SELECT 1 FROM patient t WHERE t.id = NEW.patient_id
      AND CAST(strftime('%Y%m%d', NEW.starts_on) AS INTEGER)
        - CAST(strftime('%Y%m%d', t.born_on) AS INTEGER) >= 180000);
END
---
CREATE TRIGGER patient_stays_adult BEFORE UPDATE ON patient
BEGIN
  SELECT RAISE(ABORT, 'truth 5: a patient keeps their number')
  WHERE NEW.id <> OLD.id OR NEW.public_id IS NOT OLD.public_id OR EXISTS (
    SELECT 1 FROM patient t WHERE t.id <> OLD.id AND t.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'truth 5: under 18 on the day of a visit')
  WHERE NEW.born_on IS NOT OLD.born_on AND EXISTS (
    SELECT 1 FROM appointment a
    WHERE a.patient_id = OLD.id AND a.status NOT IN ('cancelled', 'noshow')
      AND NOT COALESCE(CAST(strftime('%Y%m%d', a.starts_on) AS INTEGER)
        - CAST(strftime('%Y%m%d', NEW.born_on) AS INTEGER) >= 180000, 0));
END
---
CREATE TRIGGER patient_stays BEFORE DELETE ON patient
BEGIN
  SELECT RAISE(ABORT, 'truth 5: a patient is never deleted');
END
---
CREATE TRIGGER patient_is_not_replaced BEFORE INSERT ON patient
WHEN EXISTS (
  SELECT 1 FROM patient t WHERE t.id = NEW.id OR t.public_id = NEW.public_id
    OR t.actor_id = NEW.actor_id OR t.user_id = NEW.user_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 5: a patient is never replaced');
END
---
CREATE TRIGGER location_keeps_its_zone BEFORE UPDATE ON location
WHEN (NEW.zone IS NOT OLD.zone OR NEW.id <> OLD.id OR NEW.public_id IS NOT OLD.public_id)
 AND EXISTS (SELECT 1 FROM appointment a WHERE a.location_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 5: the zone of a site with visits never changes');
END
---
CREATE TRIGGER location_is_not_replaced BEFORE INSERT ON location
WHEN EXISTS (SELECT 1 FROM location l WHERE l.id = NEW.id OR l.public_id = NEW.public_id)
BEGIN
  SELECT RAISE(ABORT, 'truth 5: a site is never replaced');
END
---
CREATE TRIGGER location_stays BEFORE DELETE ON location
WHEN EXISTS (SELECT 1 FROM appointment a WHERE a.location_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'truth 5: a site with visits is never deleted');
END
---
-- SQLite knows no time zones: the date at the site lies within a day of the instant.
CREATE TRIGGER appointment_date_fits_insert BEFORE INSERT ON appointment
BEGIN
  SELECT RAISE(ABORT, 'truth 5: the date at the site does not fit the instant')
  WHERE NOT COALESCE(typeof(NEW.starts_at) = 'integer' AND typeof(NEW.ends_at) = 'integer'
    AND NEW.starts_on = date(NEW.starts_on) AND abs(
    NEW.starts_at - (CAST(strftime('%s', NEW.starts_on) AS INTEGER) + 43200) * 1000000
  ) <= 93600000000, 0);
END
---
CREATE TRIGGER appointment_date_fits_update BEFORE UPDATE ON appointment
BEGIN
  SELECT RAISE(ABORT, 'truth 5: the date at the site does not fit the instant')
  WHERE NOT COALESCE(typeof(NEW.starts_at) = 'integer' AND typeof(NEW.ends_at) = 'integer'
    AND NEW.starts_on = date(NEW.starts_on) AND abs(
    NEW.starts_at - (CAST(strftime('%s', NEW.starts_on) AS INTEGER) + 43200) * 1000000
  ) <= 93600000000, 0);
END
---
-- Truth 6: states move only along their arrows.
CREATE TRIGGER appointment_starts_right BEFORE INSERT ON appointment
BEGIN
  SELECT RAISE(ABORT, 'truth 6: a visit starts as a hold or a booking')
  WHERE NOT COALESCE(NEW.status IN ('proposed', 'booked'), 0);
  SELECT RAISE(ABORT, 'truth 6: a visit is never replaced')
  WHERE EXISTS (SELECT 1 FROM appointment a WHERE a.id = NEW.id OR a.public_id = NEW.public_id);
END
---
CREATE TRIGGER appointment_moves_along_arrows BEFORE UPDATE ON appointment
WHEN NEW.status IS NOT OLD.status
BEGIN
  SELECT RAISE(ABORT, 'truth 6: there is no such arrow between these states')
  WHERE NOT COALESCE(OLD.status || '>' || NEW.status IN (
    'proposed>booked', 'proposed>cancelled', 'booked>arrived', 'booked>cancelled',
    'booked>noshow', 'arrived>in-room', 'arrived>booked', 'arrived>cancelled',
    'in-room>fulfilled', 'in-room>arrived', 'cancelled>booked', 'noshow>booked',
    'noshow>arrived'), 0);
  SELECT RAISE(ABORT, 'truth 6: a cancellation is undone within ten minutes by the same person')
  WHERE OLD.status = 'cancelled' AND NOT COALESCE(
    OLD.patient_id IS NOT NULL AND NEW.status_by = OLD.status_by
    AND NEW.status_at - OLD.status_at BETWEEN 0 AND 600000000, 0);
  SELECT RAISE(ABORT, 'truth 6: a step back is taken on the day of the visit')
  WHERE (OLD.status = 'noshow' OR OLD.status || '>' || NEW.status IN
         ('arrived>booked', 'in-room>arrived'))
    AND NOT COALESCE(abs(
      NEW.status_at - (CAST(strftime('%s', OLD.starts_on) AS INTEGER) + 43200) * 1000000
    ) <= 93600000000, 0);
  SELECT RAISE(ABORT, 'truth 6: a consultation is closed by a signed note')
  WHERE NEW.status = 'fulfilled'
    AND (SELECT kind FROM service WHERE id = NEW.service_id) = 'consultation'
    AND NOT EXISTS (
      SELECT 1 FROM screening_note n
      WHERE n.appointment_id = NEW.id AND n.signed_at IS NOT NULL);
END
---
CREATE TRIGGER appointment_keeps_who_moved_it BEFORE UPDATE ON appointment
WHEN NEW.status = OLD.status
 AND (NEW.status_at IS NOT OLD.status_at OR NEW.status_by IS NOT OLD.status_by)
BEGIN
  SELECT RAISE(ABORT, 'truth 6: who moved a visit, and when, is written with the move');
END
---
CREATE TRIGGER appointment_keeps_what_it_promised BEFORE UPDATE ON appointment
WHEN NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id
  OR (OLD.patient_id IS NOT NULL AND NEW.patient_id IS NOT OLD.patient_id)
  OR (OLD.status NOT IN ('proposed', 'booked') AND NOT (
    NEW.starts_at IS OLD.starts_at AND NEW.ends_at IS OLD.ends_at
    AND NEW.starts_on IS OLD.starts_on AND NEW.service_id IS OLD.service_id
    AND NEW.location_id IS OLD.location_id AND NEW.approval_id IS OLD.approval_id
    AND NEW.patient_id IS OLD.patient_id))
BEGIN
  SELECT RAISE(ABORT, 'truth 6: whose visit it is never changes; its time only until arrival');
END
---
CREATE TRIGGER appointment_stays BEFORE DELETE ON appointment
BEGIN
  SELECT RAISE(ABORT, 'truth 6: a visit is cancelled, never deleted');
END
---
-- The profile of the jurisdiction: truths 2 and 3 read the newest version, so a version is only
-- added, behind all others.
CREATE TRIGGER profile_version_is_added BEFORE INSERT ON profile_version
WHEN NEW.id > 0 AND NEW.id <> (SELECT COALESCE(MAX(v.id), 0) + 1 FROM profile_version v)
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a version of the profile comes behind all others');
END
---
CREATE TRIGGER profile_version_never_changes BEFORE UPDATE ON profile_version
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a version of the profile never changes');
END
---
CREATE TRIGGER profile_version_stays BEFORE DELETE ON profile_version
BEGIN
  SELECT RAISE(ABORT, 'truth 3: a version of the profile is never deleted');
END
---
-- Truth 7: of one person one record goes on. A link joins two records and moves no row; it is added
-- once and undone once, within thirty days; links make no chain. Nobody signs in to a record that is
-- replaced, and nothing new starts on it.
CREATE TRIGGER patient_link_is_added BEFORE INSERT ON patient_link
BEGIN
  SELECT RAISE(ABORT, 'truth 7: a link starts in force')
  WHERE NEW.undone_at IS NOT NULL OR NEW.undone_by IS NOT NULL;
  SELECT RAISE(ABORT, 'truth 7: two records of one person are two')
  WHERE NEW.replaced_id IS NEW.kept_id;
  SELECT RAISE(ABORT, 'truth 7: a record is replaced by one')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l
    WHERE l.replaced_id = NEW.replaced_id AND l.undone_at IS NULL);
  SELECT RAISE(ABORT, 'truth 7: links make no chain')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.undone_at IS NULL
      AND (l.replaced_id = NEW.kept_id OR l.kept_id = NEW.replaced_id));
  SELECT RAISE(ABORT, 'truth 7: nobody signs in to a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient t JOIN "user" u ON u.id = t.user_id
    WHERE t.id = NEW.replaced_id AND u.active);
  SELECT RAISE(ABORT, 'truth 7: nobody becomes the patient of their own note')
  WHERE EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.user_id = t.user_id
    JOIN screening_note n ON n.practitioner_id = p.id AND n.signed_at IS NOT NULL
    WHERE (t.id = NEW.kept_id AND n.patient_id = NEW.replaced_id)
      OR (t.id = NEW.replaced_id AND n.patient_id = NEW.kept_id));
  SELECT RAISE(ABORT, 'truth 7: a link is never replaced')
  WHERE EXISTS (SELECT 1 FROM patient_link l WHERE l.id = NEW.id OR l.public_id = NEW.public_id);
END
---
CREATE TRIGGER patient_link_is_undone_once BEFORE UPDATE ON patient_link
BEGIN
  SELECT RAISE(ABORT, 'truth 7: a link is only undone, once, within thirty days')
  WHERE NOT COALESCE(OLD.undone_at IS NULL AND NEW.undone_by IS NOT NULL
    AND typeof(NEW.undone_at) = 'integer'
    AND NEW.undone_at - OLD.linked_at BETWEEN 0 AND 2592000000000
    AND NEW.id = OLD.id AND NEW.public_id = OLD.public_id
    AND NEW.replaced_id = OLD.replaced_id AND NEW.kept_id = OLD.kept_id
    AND NEW.linked_at = OLD.linked_at AND NEW.linked_by = OLD.linked_by
    AND NEW.data_key_id = OLD.data_key_id AND NEW.reason_sealed = OLD.reason_sealed
    AND NEW.closed_user_id IS OLD.closed_user_id, 0);
END
---
CREATE TRIGGER patient_link_stays BEFORE DELETE ON patient_link
BEGIN
  SELECT RAISE(ABORT, 'truth 7: a link is never deleted');
END
---
CREATE TRIGGER appointment_starts_on_the_kept_record_insert BEFORE INSERT ON appointment
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER appointment_starts_on_the_kept_record_update BEFORE UPDATE ON appointment
WHEN NEW.patient_id IS NOT OLD.patient_id
  OR (OLD.status IN ('proposed', 'cancelled') AND NEW.status = 'booked')
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER intake_starts_on_the_kept_record_insert BEFORE INSERT ON intake
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER intake_starts_on_the_kept_record_update BEFORE UPDATE ON intake
WHEN NEW.patient_id IS NOT OLD.patient_id
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER screening_note_starts_on_the_kept_record_insert BEFORE INSERT ON screening_note
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER approval_starts_on_the_kept_record_insert BEFORE INSERT ON approval
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER waitlist_entry_starts_on_the_kept_record_insert BEFORE INSERT ON waitlist_entry
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER waitlist_entry_starts_on_the_kept_record_update BEFORE UPDATE ON waitlist_entry
WHEN NEW.patient_id IS NOT OLD.patient_id OR NEW.state IS NOT OLD.state AND NEW.state = 'waiting'
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER claim_link_starts_on_the_kept_record_insert BEFORE INSERT ON claim_link
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nothing starts on a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.patient_id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER patient_signs_in_to_the_kept_record BEFORE UPDATE ON patient
WHEN NEW.user_id IS NOT NULL AND NEW.user_id IS NOT OLD.user_id
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nobody signs in to a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient_link l WHERE l.replaced_id = NEW.id AND l.undone_at IS NULL);
END
---
CREATE TRIGGER user_stays_closed_while_replaced BEFORE UPDATE ON "user"
WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'truth 7: nobody signs in to a record that is replaced')
  WHERE EXISTS (
    SELECT 1 FROM patient t JOIN patient_link l ON l.replaced_id = t.id AND l.undone_at IS NULL
    WHERE t.user_id = NEW.id);
END
---
-- One person is never in two places at once, whichever record a visit was booked on.
CREATE TRIGGER participant_of_one_person_insert BEFORE INSERT ON participant WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'truth 7: overlapping periods of one person')
  WHERE EXISTS (
    SELECT 1 FROM patient t
    JOIN patient_link l ON l.undone_at IS NULL AND l.kept_id = COALESCE((
      SELECT k.kept_id FROM patient_link k
      WHERE k.replaced_id = t.id AND k.undone_at IS NULL), t.id)
    JOIN patient x ON x.id IN (l.kept_id, l.replaced_id) AND x.id <> t.id
    JOIN participant p ON p.actor_id = x.actor_id AND p.active
      AND p.starts_at < NEW.ends_at AND p.starts_at > NEW.starts_at - 86400000000
      AND p.ends_at > NEW.starts_at
    WHERE t.actor_id = NEW.actor_id);
END
---
CREATE TRIGGER participant_of_one_person_update BEFORE UPDATE ON participant WHEN NEW.active
BEGIN
  SELECT RAISE(ABORT, 'truth 7: overlapping periods of one person')
  WHERE EXISTS (
    SELECT 1 FROM patient t
    JOIN patient_link l ON l.undone_at IS NULL AND l.kept_id = COALESCE((
      SELECT k.kept_id FROM patient_link k
      WHERE k.replaced_id = t.id AND k.undone_at IS NULL), t.id)
    JOIN patient x ON x.id IN (l.kept_id, l.replaced_id) AND x.id <> t.id
    JOIN participant p ON p.actor_id = x.actor_id AND p.active
      AND p.starts_at < NEW.ends_at AND p.starts_at > NEW.starts_at - 86400000000
      AND p.ends_at > NEW.starts_at
    WHERE t.actor_id = NEW.actor_id);
END
