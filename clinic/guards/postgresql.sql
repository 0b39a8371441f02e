-- The truths of design section 4 for PostgreSQL. Statements are parted by lines of three dashes.
-- Rows that a decision rests on are read FOR SHARE, so that whoever withdraws an approval, ends a
-- credential or corrects a birth date at the same moment waits, or is waited for.
-- Every function gets the search path of its creation, with pg_temp last: a temporary table named
-- like one of ours changes nothing.
---
-- Truth 1: an actor is never in two overlapping active periods.
ALTER TABLE participant ADD CONSTRAINT participant_no_overlap EXCLUDE USING gist (
  int8range(actor_id, actor_id, '[]') WITH &&,
  tstzrange(starts_at, ends_at) WITH &&
) WHERE (active)
---
CREATE FUNCTION guard_participant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  visit_status text;
  visit_start timestamptz;
  visit_end timestamptz;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'truth 1: participants are never deleted' USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(NEW.ends_at > NEW.starts_at
                  AND NEW.ends_at - NEW.starts_at < interval '24 hours', false) THEN
    RAISE EXCEPTION 'truth 1: a period is shorter than a day' USING ERRCODE = '23514';
  END IF;
  SELECT status, starts_at, ends_at INTO visit_status, visit_start, visit_end
  FROM appointment WHERE id = NEW.appointment_id;
  IF NOT COALESCE(NEW.active = (visit_status NOT IN ('cancelled', 'noshow')), false) THEN
    RAISE EXCEPTION 'truth 1: active follows the state of the visit' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'UPDATE' AND (
    NEW.id <> OLD.id OR NEW.appointment_id <> OLD.appointment_id
    OR (visit_status NOT IN ('proposed', 'booked') AND (
      NEW.actor_id <> OLD.actor_id OR NEW.starts_at <> OLD.starts_at
      OR NEW.ends_at <> OLD.ends_at))) THEN
    RAISE EXCEPTION 'truth 1: a participant moves only with its visit' USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(NEW.starts_at <= visit_start AND NEW.ends_at >= visit_end, false) THEN
    RAISE EXCEPTION 'truth 1: a participant is taken up for the whole visit'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER participant_follows_visit BEFORE INSERT OR UPDATE OR DELETE ON participant
FOR EACH ROW EXECUTE FUNCTION guard_participant()
---
CREATE FUNCTION guard_appointment_frees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status IN ('cancelled', 'noshow')) <> (OLD.status IN ('cancelled', 'noshow')) THEN
    UPDATE participant SET active = (NEW.status NOT IN ('cancelled', 'noshow'))
    WHERE appointment_id = NEW.id;
  END IF;
  RETURN NULL;
END $$
---
CREATE TRIGGER appointment_frees_participants AFTER UPDATE OF status ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_frees()
---
-- A visit that moves takes its participants along, buffers and all, to whom and when they were
-- told to go, or shifted by as much; the overlap rule then judges.
CREATE FUNCTION guard_appointment_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.starts_at, NEW.ends_at) <> (OLD.starts_at, OLD.ends_at) THEN
    UPDATE participant
    SET actor_id = COALESCE(next_actor_id, actor_id),
        starts_at = COALESCE(next_starts_at, starts_at + (NEW.starts_at - OLD.starts_at)),
        ends_at = COALESCE(next_ends_at, ends_at + (NEW.ends_at - OLD.ends_at)),
        next_actor_id = NULL, next_starts_at = NULL, next_ends_at = NULL
    WHERE appointment_id = NEW.id;
  END IF;
  RETURN NULL;
END $$
---
CREATE TRIGGER appointment_moves_participants AFTER UPDATE OF starts_at, ends_at ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_moves()
---
CREATE FUNCTION guard_appointment_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'arrived' AND OLD.status IN ('booked', 'noshow') AND NOT (
    EXISTS (
      SELECT 1 FROM participant p JOIN practitioner x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id)
    AND EXISTS (
      SELECT 1 FROM participant p JOIN room x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id)
    AND EXISTS (
      SELECT 1 FROM participant p JOIN patient x ON x.actor_id = p.actor_id
      WHERE p.appointment_id = NEW.id AND x.id = NEW.patient_id)) THEN
    RAISE EXCEPTION 'truth 1: a visit takes up its physician, a room and its patient'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER appointment_begins_with_everybody BEFORE UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_begins()
---
CREATE FUNCTION guard_keeps_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.actor_id <> OLD.actor_id THEN
    RAISE EXCEPTION 'truth 1: nobody and nothing has a second agenda' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER practitioner_keeps_the_actor BEFORE UPDATE ON practitioner
FOR EACH ROW EXECUTE FUNCTION guard_keeps_actor()
---
CREATE TRIGGER patient_keeps_the_actor BEFORE UPDATE ON patient
FOR EACH ROW EXECUTE FUNCTION guard_keeps_actor()
---
CREATE TRIGGER room_keeps_the_actor BEFORE UPDATE ON room
FOR EACH ROW EXECUTE FUNCTION guard_keeps_actor()
---
CREATE TRIGGER device_keeps_the_actor BEFORE UPDATE ON device
FOR EACH ROW EXECUTE FUNCTION guard_keeps_actor()
---
-- Truths 2 and 3: whether an approval may rest on a note. One by live video carries an approval only
-- where the newest version of the jurisdiction's profile says so.
CREATE FUNCTION guard_seen_as_asked(wanted_note integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN NOT COALESCE((SELECT n.by_live_video FROM screening_note n WHERE n.id = wanted_note), false)
    OR COALESCE((SELECT v.live_video_counts FROM profile_version v ORDER BY v.id DESC LIMIT 1), false);
END $$
---
-- Truth 2: a treatment visit needs an approval that covers it, when stored, moved, confirmed or
-- checked in. Steps back (arrived to booked, in-room to arrived) open no door and are not asked.
-- A kind of service that nobody knows, or a service not stored yet, counts as a treatment. A
-- snapshot older than the lock would not see a withdrawal that the lock waited for.
CREATE FUNCTION guard_approval_covers(wanted_approval integer, wanted_patient integer,
                                      visit_day date, kind text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  found approval%ROWTYPE;
BEGIN
  SELECT * INTO found FROM approval WHERE id = wanted_approval FOR SHARE;
  PERFORM 1 FROM screening_note WHERE id = found.note_id FOR SHARE;
  PERFORM 1 FROM credential WHERE practitioner_id = found.practitioner_id FOR SHARE;
  RETURN COALESCE(
    found.patient_id = wanted_patient
    AND visit_day BETWEEN found.valid_from AND found.valid_until
    AND (SELECT count(*) FROM approval_scope WHERE approval_id = found.id) = found.scope_count
    AND (kind = 'filler' OR EXISTS (
      SELECT 1 FROM approval_scope WHERE approval_id = found.id AND modality = 'toxin'))
    AND (kind = 'toxin' OR EXISTS (
      SELECT 1 FROM approval_scope WHERE approval_id = found.id AND modality = 'filler'))
    AND guard_seen_as_asked(found.note_id)
    AND NOT EXISTS (
      SELECT 1 FROM approval_event e
      WHERE e.approval_id = found.id AND e.kind IN ('withdrawn', 'superseded'))
    AND COALESCE((
      SELECT e.kind FROM approval_event e
      WHERE e.approval_id = found.id AND e.kind IN ('suspended', 'resumed')
      ORDER BY e.id DESC LIMIT 1), 'resumed') = 'resumed',
    false);
END $$
---
CREATE FUNCTION guard_appointment_gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  service_kind text;
BEGIN
  IF NEW.status NOT IN ('proposed', 'booked', 'arrived', 'in-room') THEN
    RETURN NEW;
  END IF;
  SELECT kind INTO service_kind FROM service WHERE id = NEW.service_id;
  IF COALESCE(service_kind, '') IN ('consultation', 'follow-up') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.starts_at, NEW.starts_on, NEW.service_id) = (OLD.starts_at, OLD.starts_on, OLD.service_id)
       AND NEW.patient_id IS NOT DISTINCT FROM OLD.patient_id
       AND NEW.approval_id IS NOT DISTINCT FROM OLD.approval_id
       AND (NEW.status = OLD.status
            OR (OLD.status = 'arrived' AND NEW.status = 'booked')
            OR (OLD.status = 'in-room' AND NEW.status = 'arrived')) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'truth 2: the approval is read as it is now, in read committed isolation'
      USING ERRCODE = '23514';
  END IF;
  IF NOT guard_approval_covers(NEW.approval_id, NEW.patient_id, NEW.starts_on, service_kind) THEN
    RAISE EXCEPTION 'truth 2: no approval in force for this visit' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER appointment_gate BEFORE INSERT OR UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_gate()
---
CREATE FUNCTION guard_service_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM appointment WHERE service_id = OLD.id) THEN
      RAISE EXCEPTION 'truth 2: a service with visits is never deleted' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.kind, NEW.id, NEW.public_id) <> (OLD.kind, OLD.id, OLD.public_id) THEN
    RAISE EXCEPTION 'truth 2: the kind of a service never changes' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER service_kind_stays BEFORE UPDATE OR DELETE ON service
FOR EACH ROW EXECUTE FUNCTION guard_service_kind()
---
-- Whose record goes on for a person (truth 7): the one that a link in force leads to, or their own.
CREATE FUNCTION guard_kept(record integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RETURN COALESCE((
    SELECT l.kept_id FROM patient_link l
    WHERE l.replaced_id = record AND l.undone_at IS NULL), record);
END $$
---
CREATE FUNCTION guard_records(record integer) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
  goes_on integer := guard_kept(record);
BEGIN
  RETURN QUERY SELECT goes_on UNION ALL
    SELECT l.replaced_id FROM patient_link l WHERE l.kept_id = goes_on AND l.undone_at IS NULL;
END $$
---
-- Truth 3: an approval needs a signed note of a fulfilled consultation with that patient, by a
-- physician licensed on that day who is not the patient; at most twelve months long.
CREATE FUNCTION guard_somebody_else(wanted_patient integer, physician integer)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  patient_user integer;
  physician_user integer;
BEGIN
  SELECT user_id INTO STRICT patient_user FROM patient WHERE id = wanted_patient FOR SHARE;
  SELECT user_id INTO STRICT physician_user FROM practitioner WHERE id = physician FOR SHARE;
  RETURN (patient_user IS NULL OR patient_user IS DISTINCT FROM physician_user)
    AND NOT EXISTS (
      SELECT 1 FROM patient t
      WHERE t.id IN (SELECT guard_records(wanted_patient)) AND t.user_id = physician_user);
END $$
---
CREATE FUNCTION guard_licensed(physician integer, that_day date)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM credential WHERE practitioner_id = physician FOR SHARE;
  RETURN EXISTS (
    SELECT 1 FROM credential
    WHERE practitioner_id = physician AND kind = 'licence'
      AND that_day BETWEEN valid_from AND valid_until);
END $$
---
CREATE FUNCTION guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM screening_note WHERE id = NEW.note_id FOR SHARE;
  IF NOT EXISTS (
    SELECT 1 FROM screening_note n
    JOIN appointment a ON a.id = n.appointment_id
    JOIN service s ON s.id = a.service_id
    WHERE n.id = NEW.note_id AND n.signed_at IS NOT NULL AND n.decision = 'approve'
      AND n.patient_id = NEW.patient_id AND a.patient_id = NEW.patient_id
      AND n.practitioner_id = NEW.practitioner_id AND n.signed_on = NEW.given_on
      AND s.kind = 'consultation' AND a.status = 'fulfilled') THEN
    RAISE EXCEPTION 'truth 3: no signed note of a consultation carries this approval'
      USING ERRCODE = '23514';
  END IF;
  IF NOT guard_seen_as_asked(NEW.note_id) THEN
    RAISE EXCEPTION 'truth 3: here only a consultation in person carries an approval'
      USING ERRCODE = '23514';
  END IF;
  IF NOT guard_licensed(NEW.practitioner_id, NEW.given_on) THEN
    RAISE EXCEPTION 'truth 3: the physician is not licensed on that day' USING ERRCODE = '23514';
  END IF;
  IF NOT guard_somebody_else(NEW.patient_id, NEW.practitioner_id) THEN
    RAISE EXCEPTION 'truth 3: nobody approves their own treatment' USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(
    NEW.valid_from >= NEW.given_on AND NEW.valid_until >= NEW.valid_from
    AND to_char(NEW.valid_until, 'YYYYMMDD')::int - to_char(NEW.given_on, 'YYYYMMDD')::int <= 10000,
    false) THEN
    RAISE EXCEPTION 'truth 3: an approval starts when given and lasts twelve months at most'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER approval_needs_note BEFORE INSERT ON approval
FOR EACH ROW EXECUTE FUNCTION guard_approval()
---
CREATE FUNCTION guard_scope() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  room_left integer;
BEGIN
  SELECT scope_count INTO room_left FROM approval WHERE id = NEW.approval_id FOR UPDATE;
  IF COALESCE(room_left, 0) <= (
    SELECT count(*) FROM approval_scope WHERE approval_id = NEW.approval_id) THEN
    RAISE EXCEPTION 'truth 3: an approval never widens' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER approval_scope_never_widens BEFORE INSERT ON approval_scope
FOR EACH ROW EXECUTE FUNCTION guard_scope()
---
-- Truth 3: resuming. Paused, on the newest form that its patient sent, by a physician licensed on
-- that day who is somebody else; dated on the day it is done, between the approval's own days.
CREATE FUNCTION guard_resumption(event approval_event) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  resumed approval%ROWTYPE;
BEGIN
  SELECT * INTO resumed FROM approval WHERE id = event.approval_id;
  IF NOT COALESCE((
    SELECT e.kind = 'suspended' AND e.at <= event.at FROM approval_event e
    WHERE e.approval_id = event.approval_id ORDER BY e.id DESC LIMIT 1), false) THEN
    RAISE EXCEPTION 'truth 3: only a paused approval is resumed' USING ERRCODE = '23514';
  END IF;
  IF event.intake_id IS NULL OR event.intake_id IS DISTINCT FROM (
    SELECT i.id FROM intake i
    WHERE i.patient_id IN (SELECT guard_records(resumed.patient_id)) AND i.submitted_at IS NOT NULL
    ORDER BY i.submitted_at DESC, i.id DESC LIMIT 1) THEN
    RAISE EXCEPTION 'truth 3: an approval is resumed on the newest form that its patient sent'
      USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(event.resumed_on BETWEEN resumed.valid_from AND resumed.valid_until AND (
    SELECT (event.at AT TIME ZONE l.zone)::date = event.resumed_on
    FROM screening_note n JOIN appointment a ON a.id = n.appointment_id
    JOIN location l ON l.id = a.location_id
    WHERE n.id = resumed.note_id), false) THEN
    RAISE EXCEPTION 'truth 3: a resumption is dated on its day, and the approval is not over'
      USING ERRCODE = '23514';
  END IF;
  IF NOT guard_licensed(event.practitioner_id, event.resumed_on) THEN
    RAISE EXCEPTION 'truth 3: the physician is not licensed on that day' USING ERRCODE = '23514';
  END IF;
  IF NOT guard_somebody_else(resumed.patient_id, event.practitioner_id) THEN
    RAISE EXCEPTION 'truth 3: nobody resumes their own approval' USING ERRCODE = '23514';
  END IF;
END $$
---
CREATE FUNCTION guard_approval_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM approval WHERE id = NEW.approval_id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM approval_event e
    WHERE e.approval_id = NEW.approval_id AND e.kind IN ('withdrawn', 'superseded')) THEN
    RAISE EXCEPTION 'truth 3: a withdrawn or superseded approval stays so' USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(NEW.kind IN ('suspended', 'resumed', 'withdrawn', 'superseded'), false) THEN
    RAISE EXCEPTION 'truth 3: no such event of an approval' USING ERRCODE = '23514';
  END IF;
  -- Beyond the sequence: a later event would not be the last.
  IF NEW.id > (SELECT last_value FROM approval_event_id_seq) OR EXISTS (
    SELECT 1 FROM approval_event e
    WHERE e.approval_id = NEW.approval_id AND e.id >= NEW.id) THEN
    RAISE EXCEPTION 'truth 3: an event of an approval is never slipped in before'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.kind = 'resumed' THEN
    PERFORM guard_resumption(NEW);
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER approval_event_is_added BEFORE INSERT ON approval_event
FOR EACH ROW EXECUTE FUNCTION guard_approval_event()
---
-- Truth 3: signing. The consultation is with that patient and under way or over; the physician is
-- licensed and is somebody else. It is dated on the day of signing, not before the consultation's.
-- Truth 4: signed, it never changes.
CREATE FUNCTION guard_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.signed_at IS NOT NULL THEN
      RAISE EXCEPTION 'truth 3: a note starts as a draft' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'truth 4: a signed note never changes' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (NEW.id, NEW.public_id, NEW.patient_id, NEW.appointment_id)
     <> (OLD.id, OLD.public_id, OLD.patient_id, OLD.appointment_id) THEN
    RAISE EXCEPTION 'truth 4: whose note it is never changes' USING ERRCODE = '23514';
  END IF;
  IF NEW.signed_at IS NULL THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM appointment a JOIN service s ON s.id = a.service_id
    WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id
      AND s.kind = 'consultation' AND a.status IN ('in-room', 'fulfilled')
      AND NEW.signed_on >= a.starts_on) THEN
    RAISE EXCEPTION 'truth 3: a note is signed at a consultation with its patient'
      USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE((
    SELECT (NEW.signed_at AT TIME ZONE l.zone)::date = NEW.signed_on
    FROM appointment a JOIN location l ON l.id = a.location_id
    WHERE a.id = NEW.appointment_id), false) THEN
    RAISE EXCEPTION 'truth 3: a note is dated on the day it is signed' USING ERRCODE = '23514';
  END IF;
  IF NEW.intake_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM intake i WHERE i.id = NEW.intake_id AND i.submitted_at IS NOT NULL
      AND guard_kept(i.patient_id) = guard_kept(NEW.patient_id)) THEN
    RAISE EXCEPTION 'truth 3: a note is signed on a form that its patient sent'
      USING ERRCODE = '23514';
  END IF;
  IF NOT guard_licensed(NEW.practitioner_id, NEW.signed_on) THEN
    RAISE EXCEPTION 'truth 3: the physician is not licensed on that day' USING ERRCODE = '23514';
  END IF;
  IF NOT guard_somebody_else(NEW.patient_id, NEW.practitioner_id) THEN
    RAISE EXCEPTION 'truth 3: nobody signs their own note' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER screening_note_signs_once BEFORE INSERT OR UPDATE OR DELETE ON screening_note
FOR EACH ROW EXECUTE FUNCTION guard_note()
---
-- Truth 3: who signed stays who they were.
CREATE FUNCTION guard_practitioner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'truth 3: a physician is never deleted' USING ERRCODE = '23514';
  END IF;
  IF (NEW.id, NEW.public_id) <> (OLD.id, OLD.public_id) THEN
    RAISE EXCEPTION 'truth 3: a physician keeps their number' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (
    SELECT 1 FROM screening_note n JOIN patient t ON t.id = n.patient_id
    WHERE n.practitioner_id = OLD.id AND n.signed_at IS NOT NULL AND t.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'truth 3: nobody becomes the physician of their own note'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (
    SELECT 1 FROM approval_event e JOIN approval a ON a.id = e.approval_id
    JOIN patient t ON t.id = a.patient_id
    WHERE e.practitioner_id = OLD.id AND t.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'truth 3: nobody becomes the physician who resumed their own approval'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER practitioner_stays_who_they_are BEFORE UPDATE OR DELETE ON practitioner
FOR EACH ROW EXECUTE FUNCTION guard_practitioner()
---
CREATE FUNCTION guard_patient_somebody_else() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.user_id IS DISTINCT FROM OLD.user_id AND EXISTS (
    SELECT 1 FROM screening_note n JOIN practitioner p ON p.id = n.practitioner_id
    WHERE n.patient_id = OLD.id AND n.signed_at IS NOT NULL AND p.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'truth 3: nobody becomes the patient of their own note'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.user_id IS DISTINCT FROM OLD.user_id AND EXISTS (
    SELECT 1 FROM approval_event e JOIN approval a ON a.id = e.approval_id
    JOIN practitioner p ON p.id = e.practitioner_id
    WHERE a.patient_id = OLD.id AND p.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'truth 3: nobody becomes the patient whose approval they resumed'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER patient_stays_somebody_else BEFORE UPDATE ON patient
FOR EACH ROW EXECUTE FUNCTION guard_patient_somebody_else()
---
-- Truth 4: what is signed, sent or recorded never changes.
CREATE FUNCTION guard_intake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.submitted_at IS NOT NULL THEN
    RAISE EXCEPTION 'truth 4: a sent form never changes' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF (NEW.id, NEW.public_id) <> (OLD.id, OLD.public_id) THEN
    RAISE EXCEPTION 'truth 4: the id of a form never changes' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER intake_sent_never_changes BEFORE UPDATE OR DELETE ON intake
FOR EACH ROW EXECUTE FUNCTION guard_intake()
---
CREATE FUNCTION guard_photo_is_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM intake WHERE id = NEW.intake_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM intake WHERE id = NEW.intake_id AND submitted_at IS NULL) THEN
    RAISE EXCEPTION 'truth 4: a photo is added before its form is sent' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER photo_is_added_to_a_draft BEFORE INSERT ON photo
FOR EACH ROW EXECUTE FUNCTION guard_photo_is_added()
---
CREATE FUNCTION guard_photo_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
     AND NEW.image_sealed IS NULL AND NEW.thumbnail_sealed IS NULL
     AND (NEW.id, NEW.public_id, NEW.intake_id, NEW.data_key_id, NEW.view, NEW.width, NEW.height,
          NEW.size, NEW.added_at)
       = (OLD.id, OLD.public_id, OLD.intake_id, OLD.data_key_id, OLD.view, OLD.width, OLD.height,
          OLD.size, OLD.added_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'truth 4: a photo never changes; it is erased or stays' USING ERRCODE = '23514';
END $$
---
CREATE TRIGGER photo_is_only_erased BEFORE UPDATE ON photo
FOR EACH ROW EXECUTE FUNCTION guard_photo_is_erased()
---
CREATE FUNCTION guard_stays_with_sent_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM intake WHERE id = OLD.intake_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM intake WHERE id = OLD.intake_id AND submitted_at IS NOT NULL) THEN
    RAISE EXCEPTION 'truth 4: a row of % of a sent form is never deleted', TG_TABLE_NAME
      USING ERRCODE = '23514';
  END IF;
  RETURN OLD;
END $$
---
CREATE TRIGGER photo_of_a_sent_form_stays BEFORE DELETE ON photo
FOR EACH ROW EXECUTE FUNCTION guard_stays_with_sent_form()
---
CREATE TRIGGER photo_consent_of_a_sent_form_stays BEFORE DELETE ON photo_consent
FOR EACH ROW EXECUTE FUNCTION guard_stays_with_sent_form()
---
CREATE FUNCTION guard_photo_consent_is_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM photo_consent WHERE intake_id = NEW.intake_id AND id >= NEW.id) THEN
    RAISE EXCEPTION 'truth 4: a consent is never slipped in before' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER photo_consent_is_the_last_word BEFORE INSERT ON photo_consent
FOR EACH ROW EXECUTE FUNCTION guard_photo_consent_is_last()
---
CREATE FUNCTION guard_flag_comes_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM intake WHERE id = NEW.intake_id FOR SHARE;
  PERFORM 1 FROM screening_note WHERE id = NEW.note_id FOR SHARE;
  IF NOT (
    EXISTS (SELECT 1 FROM intake WHERE id = NEW.intake_id AND submitted_at IS NULL)
    OR EXISTS (SELECT 1 FROM screening_note WHERE id = NEW.note_id AND signed_at IS NULL)) THEN
    RAISE EXCEPTION 'truth 4: flags are stored before the form is sent or the note signed'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER flag_comes_before_its_seal BEFORE INSERT ON flag
FOR EACH ROW EXECUTE FUNCTION guard_flag_comes_first()
---
CREATE FUNCTION guard_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'truth 4: % is only added to', TG_TABLE_NAME USING ERRCODE = '23514';
END $$
---
CREATE TRIGGER approval_never_changes BEFORE UPDATE OR DELETE ON approval
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER approval_scope_never_changes BEFORE UPDATE OR DELETE ON approval_scope
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER approval_event_never_changes BEFORE UPDATE OR DELETE ON approval_event
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER flag_never_changes BEFORE UPDATE OR DELETE ON flag
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER addendum_never_changes BEFORE UPDATE OR DELETE ON addendum
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER intake_confirmation_never_changes BEFORE UPDATE OR DELETE ON intake_confirmation
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER reply_never_changes BEFORE UPDATE OR DELETE ON reply
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER question_never_changes BEFORE UPDATE OR DELETE ON question
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
-- Truth 4: a question before a consultation is a message while the patient is still to be seen.
CREATE FUNCTION guard_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM appointment a JOIN service s ON s.id = a.service_id
  WHERE a.id = NEW.appointment_id AND s.kind = 'consultation'
    AND a.status IN ('booked', 'arrived')
  FOR SHARE OF a;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'truth 4: a question is asked before its consultation' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER question_comes_before_its_visit BEFORE INSERT ON question
FOR EACH ROW EXECUTE FUNCTION guard_question()
---
-- A question before the visit is answered until the consultation is over: then it is decided.
CREATE FUNCTION guard_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.question_id IS NULL THEN
    RETURN NEW;
  END IF;
  PERFORM 1 FROM question q JOIN appointment a ON a.id = q.appointment_id
  WHERE q.id = NEW.question_id AND a.status IN ('booked', 'arrived', 'in-room')
  FOR SHARE OF a;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'truth 4: the consultation of this question is over' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER reply_comes_before_the_decision BEFORE INSERT ON reply
FOR EACH ROW EXECUTE FUNCTION guard_reply()
---
CREATE TRIGGER photo_consent_never_changes BEFORE UPDATE ON photo_consent
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_event_never_changes BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
-- Truth 4: an emergency access is of somebody licensed (give or take a day: it has no local date) and
-- not of oneself; it lasts an hour at most, and all that may change is that it ends earlier.
CREATE FUNCTION guard_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.public_id, NEW.opened_at, NEW.practitioner_id, NEW.patient_id,
        NEW.data_key_id, NEW.reason_sealed)
       IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.opened_at, OLD.practitioner_id,
        OLD.patient_id, OLD.data_key_id, OLD.reason_sealed)
       OR NEW.until NOT BETWEEN OLD.opened_at AND OLD.until THEN
      RAISE EXCEPTION 'truth 4: an emergency access only ends earlier' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.until <= NEW.opened_at OR NEW.until > NEW.opened_at + interval '60 minutes' THEN
    RAISE EXCEPTION 'truth 4: an emergency access lasts an hour at most' USING ERRCODE = '23514';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM credential c
    WHERE c.practitioner_id = NEW.practitioner_id AND c.kind = 'licence'
      AND c.valid_from <= (NEW.opened_at AT TIME ZONE 'UTC')::date + 1
      AND c.valid_until >= (NEW.opened_at AT TIME ZONE 'UTC')::date - 1) THEN
    RAISE EXCEPTION 'truth 4: an emergency access needs a licence' USING ERRCODE = '23514';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.id = NEW.practitioner_id
    WHERE t.id = NEW.patient_id AND (t.user_id IS NULL OR t.user_id IS DISTINCT FROM p.user_id))
  THEN
    RAISE EXCEPTION 'truth 4: nobody opens their own record' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER emergency_access_is_opened BEFORE INSERT OR UPDATE ON emergency_access
FOR EACH ROW EXECUTE FUNCTION guard_emergency()
---
CREATE TRIGGER emergency_access_stays BEFORE DELETE ON emergency_access
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER emergency_access_is_not_truncated BEFORE TRUNCATE ON emergency_access
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_seal_never_changes BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_chain_never_changes BEFORE UPDATE OR DELETE ON audit_chain
FOR EACH ROW EXECUTE FUNCTION guard_never_changes()
---
-- Seals are numbered without a gap: what is taken out or slipped in shows.
CREATE FUNCTION guard_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> (SELECT COALESCE(MAX(s.id), 0) + 1 FROM audit_seal s) THEN
    RAISE EXCEPTION 'truth 4: a seal is added at the end of the chain' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER audit_seal_is_appended BEFORE INSERT ON audit_seal
FOR EACH ROW EXECUTE FUNCTION guard_audit_seal()
---
CREATE FUNCTION guard_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> 1 THEN
    RAISE EXCEPTION 'truth 4: there is one chain of seals' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER audit_chain_is_one BEFORE INSERT ON audit_chain
FOR EACH ROW EXECUTE FUNCTION guard_audit_chain()
---
-- TRUNCATE fires no row triggers.
CREATE TRIGGER approval_is_not_truncated BEFORE TRUNCATE ON approval
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER approval_scope_is_not_truncated BEFORE TRUNCATE ON approval_scope
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER approval_event_is_not_truncated BEFORE TRUNCATE ON approval_event
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER screening_note_is_not_truncated BEFORE TRUNCATE ON screening_note
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER intake_is_not_truncated BEFORE TRUNCATE ON intake
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER photo_is_not_truncated BEFORE TRUNCATE ON photo
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER photo_consent_is_not_truncated BEFORE TRUNCATE ON photo_consent
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER flag_is_not_truncated BEFORE TRUNCATE ON flag
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER intake_confirmation_is_not_truncated BEFORE TRUNCATE ON intake_confirmation
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER addendum_is_not_truncated BEFORE TRUNCATE ON addendum
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER reply_is_not_truncated BEFORE TRUNCATE ON reply
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER question_is_not_truncated BEFORE TRUNCATE ON question
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_seal_is_not_truncated BEFORE TRUNCATE ON audit_seal
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER audit_chain_is_not_truncated BEFORE TRUNCATE ON audit_chain
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
CREATE TRIGGER participant_is_not_truncated BEFORE TRUNCATE ON participant
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
-- Truth 5: nobody under 18 on the visit's date at the site has a visit. Dates as numbers
-- (yyyymmdd) put the birthday of 29 February on 1 March. The date is the site's own.
CREATE FUNCTION guard_appointment_adult() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  born date;
BEGIN
  IF NOT COALESCE((
    SELECT (NEW.starts_at AT TIME ZONE l.zone)::date = NEW.starts_on
    FROM location l WHERE l.id = NEW.location_id), false) THEN
    RAISE EXCEPTION 'truth 5: the date at the site does not fit the instant'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.patient_id IS NULL
     OR (TG_OP = 'UPDATE' AND NEW.status IN ('cancelled', 'noshow')) THEN
    RETURN NEW;
  END IF;
  SELECT born_on INTO born FROM patient WHERE id = NEW.patient_id FOR SHARE;
  IF NOT COALESCE(
    to_char(NEW.starts_on, 'YYYYMMDD')::int - to_char(born, 'YYYYMMDD')::int >= 180000, false) THEN
    RAISE EXCEPTION 'truth 5: under 18 on the day of the visit' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER appointment_adult BEFORE INSERT OR UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_adult()
---
CREATE FUNCTION guard_patient_adult() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'truth 5: a patient is never deleted' USING ERRCODE = '23514';
  END IF;
  IF (NEW.id, NEW.public_id) <> (OLD.id, OLD.public_id) THEN
    RAISE EXCEPTION 'truth 5: a patient keeps their number' USING ERRCODE = '23514';
  END IF;
  IF NEW.born_on <> OLD.born_on AND EXISTS (
    SELECT 1 FROM appointment a
    WHERE a.patient_id = OLD.id AND a.status NOT IN ('cancelled', 'noshow')
      AND to_char(a.starts_on, 'YYYYMMDD')::int - to_char(NEW.born_on, 'YYYYMMDD')::int < 180000)
  THEN
    RAISE EXCEPTION 'truth 5: under 18 on the day of a visit' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER patient_stays_adult BEFORE UPDATE OR DELETE ON patient
FOR EACH ROW EXECUTE FUNCTION guard_patient_adult()
---
CREATE FUNCTION guard_location_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM appointment WHERE location_id = OLD.id) AND (
    TG_OP = 'DELETE'
    OR (NEW.zone, NEW.id, NEW.public_id) <> (OLD.zone, OLD.id, OLD.public_id)) THEN
    RAISE EXCEPTION 'truth 5: the zone of a site with visits never changes'
      USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER location_keeps_its_zone BEFORE UPDATE OR DELETE ON location
FOR EACH ROW EXECUTE FUNCTION guard_location_zone()
---
-- Truth 6: states move only along their arrows.
CREATE FUNCTION guard_appointment_arrows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  arrow text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'truth 6: a visit is cancelled, never deleted' USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status NOT IN ('proposed', 'booked') THEN
      RAISE EXCEPTION 'truth 6: a visit starts as a hold or a booking' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.public_id) <> (OLD.id, OLD.public_id)
     OR (OLD.patient_id IS NOT NULL AND NEW.patient_id IS DISTINCT FROM OLD.patient_id)
     OR (OLD.status NOT IN ('proposed', 'booked') AND (
       (NEW.starts_at, NEW.ends_at, NEW.starts_on, NEW.service_id, NEW.location_id)
       <> (OLD.starts_at, OLD.ends_at, OLD.starts_on, OLD.service_id, OLD.location_id)
       OR NEW.approval_id IS DISTINCT FROM OLD.approval_id
       OR NEW.patient_id IS DISTINCT FROM OLD.patient_id)) THEN
    RAISE EXCEPTION 'truth 6: whose visit it is never changes; its time only until arrival'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.status = OLD.status THEN
    IF (NEW.status_at, NEW.status_by) <> (OLD.status_at, OLD.status_by) THEN
      RAISE EXCEPTION 'truth 6: who moved a visit, and when, is written with the move'
        USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  arrow := OLD.status || '>' || NEW.status;
  IF arrow NOT IN (
    'proposed>booked', 'proposed>cancelled', 'booked>arrived', 'booked>cancelled',
    'booked>noshow', 'arrived>in-room', 'arrived>booked', 'arrived>cancelled',
    'in-room>fulfilled', 'in-room>arrived', 'cancelled>booked', 'noshow>booked',
    'noshow>arrived') THEN
    RAISE EXCEPTION 'truth 6: there is no such arrow between these states' USING ERRCODE = '23514';
  END IF;
  IF OLD.status = 'cancelled' AND NOT COALESCE(
    OLD.patient_id IS NOT NULL AND NEW.status_by = OLD.status_by
    AND NEW.status_at BETWEEN OLD.status_at AND OLD.status_at + interval '10 minutes', false) THEN
    RAISE EXCEPTION 'truth 6: a cancellation is undone within ten minutes by the same person'
      USING ERRCODE = '23514';
  END IF;
  IF (OLD.status = 'noshow' OR arrow IN ('arrived>booked', 'in-room>arrived')) AND NOT COALESCE((
    SELECT (NEW.status_at AT TIME ZONE l.zone)::date = OLD.starts_on
    FROM location l WHERE l.id = OLD.location_id), false) THEN
    RAISE EXCEPTION 'truth 6: a step back is taken on the day of the visit'
      USING ERRCODE = '23514';
  END IF;
  IF NEW.status = 'fulfilled'
     AND (SELECT kind FROM service WHERE id = NEW.service_id) = 'consultation'
     AND NOT EXISTS (
       SELECT 1 FROM screening_note n
       WHERE n.appointment_id = NEW.id AND n.signed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'truth 6: a consultation is closed by a signed note' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER appointment_moves_along_arrows BEFORE INSERT OR UPDATE OR DELETE ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_appointment_arrows()
---
CREATE TRIGGER appointment_is_not_truncated BEFORE TRUNCATE ON appointment
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
-- The profile of the jurisdiction: truths 2 and 3 read the newest version, so a version is only
-- added, behind all others.
CREATE FUNCTION guard_profile_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'truth 3: a version of the profile stays as it is' USING ERRCODE = '23514';
  END IF;
  IF NEW.id > (SELECT last_value FROM profile_version_id_seq)
     OR EXISTS (SELECT 1 FROM profile_version v WHERE v.id >= NEW.id) THEN
    RAISE EXCEPTION 'truth 3: a version of the profile comes behind all others'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER profile_version_is_added BEFORE INSERT OR UPDATE OR DELETE ON profile_version
FOR EACH ROW EXECUTE FUNCTION guard_profile_version()
---
CREATE TRIGGER profile_version_is_not_truncated BEFORE TRUNCATE ON profile_version
FOR EACH STATEMENT EXECUTE FUNCTION guard_never_changes()
---
-- Truth 7: of one person one record goes on. A link joins two records and moves no row; it is added
-- once and undone once, within thirty days; links make no chain. Nobody signs in to a record that is
-- replaced, and nothing new starts on it. Who links holds both records, and who starts something
-- holds the one it is for: either sees the other, or waits.
CREATE FUNCTION guard_patient_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.undone_at IS NOT NULL OR NEW.undone_by IS NOT NULL THEN
    RAISE EXCEPTION 'truth 7: a link starts in force' USING ERRCODE = '23514';
  END IF;
  IF NEW.replaced_id IS NOT DISTINCT FROM NEW.kept_id THEN
    RAISE EXCEPTION 'truth 7: two records of one person are two' USING ERRCODE = '23514';
  END IF;
  PERFORM 1 FROM patient WHERE id IN (NEW.replaced_id, NEW.kept_id) ORDER BY id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM patient_link l
    WHERE l.replaced_id = NEW.replaced_id AND l.undone_at IS NULL) THEN
    RAISE EXCEPTION 'truth 7: a record is replaced by one' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (
    SELECT 1 FROM patient_link l WHERE l.undone_at IS NULL
      AND (l.replaced_id = NEW.kept_id OR l.kept_id = NEW.replaced_id)) THEN
    RAISE EXCEPTION 'truth 7: links make no chain' USING ERRCODE = '23514';
  END IF;
  PERFORM 1 FROM "user" u JOIN patient t ON t.user_id = u.id WHERE t.id = NEW.replaced_id
    FOR SHARE OF u;
  IF EXISTS (
    SELECT 1 FROM patient t JOIN "user" u ON u.id = t.user_id
    WHERE t.id = NEW.replaced_id AND u.active) THEN
    RAISE EXCEPTION 'truth 7: nobody signs in to a record that is replaced'
      USING ERRCODE = '23514';
  END IF;
  IF EXISTS (
    SELECT 1 FROM patient t JOIN practitioner p ON p.user_id = t.user_id
    JOIN screening_note n ON n.practitioner_id = p.id AND n.signed_at IS NOT NULL
    WHERE (t.id = NEW.kept_id AND n.patient_id = NEW.replaced_id)
      OR (t.id = NEW.replaced_id AND n.patient_id = NEW.kept_id)) THEN
    RAISE EXCEPTION 'truth 7: nobody becomes the patient of their own note'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER patient_link_is_added BEFORE INSERT ON patient_link
FOR EACH ROW EXECUTE FUNCTION guard_patient_link()
---
CREATE FUNCTION guard_patient_link_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'truth 7: a link is never deleted' USING ERRCODE = '23514';
  END IF;
  IF NOT COALESCE(OLD.undone_at IS NULL AND NEW.undone_by IS NOT NULL
    AND NEW.undone_at BETWEEN OLD.linked_at AND OLD.linked_at + interval '720 hours'
    AND (NEW.id, NEW.public_id, NEW.replaced_id, NEW.kept_id, NEW.linked_at, NEW.linked_by,
         NEW.data_key_id, NEW.reason_sealed)
      = (OLD.id, OLD.public_id, OLD.replaced_id, OLD.kept_id, OLD.linked_at, OLD.linked_by,
         OLD.data_key_id, OLD.reason_sealed)
    AND NEW.closed_user_id IS NOT DISTINCT FROM OLD.closed_user_id, false) THEN
    RAISE EXCEPTION 'truth 7: a link is only undone, once, within thirty days'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER patient_link_is_undone_once BEFORE UPDATE OR DELETE ON patient_link
FOR EACH ROW EXECUTE FUNCTION guard_patient_link_stays()
---
CREATE TRIGGER patient_link_is_not_truncated BEFORE TRUNCATE ON patient_link
FOR EACH STATEMENT EXECUTE FUNCTION guard_patient_link_stays()
---
CREATE FUNCTION guard_nothing_starts(record integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM patient WHERE id = record FOR KEY SHARE;
  IF guard_kept(record) IS DISTINCT FROM record THEN
    RAISE EXCEPTION 'truth 7: nothing starts on a record that is replaced'
      USING ERRCODE = '23514';
  END IF;
END $$
---
CREATE FUNCTION guard_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.patient_id IS DISTINCT FROM OLD.patient_id THEN
    PERFORM guard_nothing_starts(NEW.patient_id);
  END IF;
  RETURN NEW;
END $$
---
CREATE FUNCTION guard_visit_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.patient_id IS DISTINCT FROM OLD.patient_id
     OR (OLD.status IN ('proposed', 'cancelled') AND NEW.status = 'booked') THEN
    PERFORM guard_nothing_starts(NEW.patient_id);
  END IF;
  RETURN NEW;
END $$
---
CREATE FUNCTION guard_wish_starts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.patient_id IS DISTINCT FROM OLD.patient_id
     OR (NEW.state = 'waiting' AND OLD.state <> 'waiting') THEN
    PERFORM guard_nothing_starts(NEW.patient_id);
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER appointment_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION guard_visit_starts()
---
CREATE TRIGGER intake_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON intake
FOR EACH ROW EXECUTE FUNCTION guard_starts()
---
CREATE TRIGGER screening_note_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON screening_note
FOR EACH ROW EXECUTE FUNCTION guard_starts()
---
CREATE TRIGGER approval_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON approval
FOR EACH ROW EXECUTE FUNCTION guard_starts()
---
CREATE TRIGGER waitlist_entry_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON waitlist_entry
FOR EACH ROW EXECUTE FUNCTION guard_wish_starts()
---
CREATE TRIGGER claim_link_starts_on_the_kept_record BEFORE INSERT OR UPDATE ON claim_link
FOR EACH ROW EXECUTE FUNCTION guard_starts()
---
CREATE FUNCTION guard_patient_signs_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id
     AND guard_kept(NEW.id) <> NEW.id THEN
    RAISE EXCEPTION 'truth 7: nobody signs in to a record that is replaced'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER patient_signs_in_to_the_kept_record BEFORE UPDATE ON patient
FOR EACH ROW EXECUTE FUNCTION guard_patient_signs_in()
---
CREATE FUNCTION guard_user_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.active AND EXISTS (
    SELECT 1 FROM patient t JOIN patient_link l ON l.replaced_id = t.id AND l.undone_at IS NULL
    WHERE t.user_id = NEW.id) THEN
    RAISE EXCEPTION 'truth 7: nobody signs in to a record that is replaced'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER user_stays_closed_while_replaced BEFORE UPDATE ON "user"
FOR EACH ROW EXECUTE FUNCTION guard_user_stays_closed()
---
-- One person is never in two places at once, whichever record a visit was booked on. The link is
-- held, so that of two visits on two records one is stored after the other.
CREATE FUNCTION guard_one_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  record integer;
BEGIN
  IF NOT NEW.active THEN
    RETURN NEW;
  END IF;
  SELECT id INTO record FROM patient WHERE actor_id = NEW.actor_id;
  IF record IS NULL THEN
    RETURN NEW;
  END IF;
  PERFORM 1 FROM patient_link l WHERE l.kept_id = guard_kept(record) AND l.undone_at IS NULL
    ORDER BY l.id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT 1 FROM patient x JOIN participant p ON p.actor_id = x.actor_id
    WHERE x.id IN (SELECT guard_records(record)) AND x.id <> record AND p.active
      AND p.starts_at < NEW.ends_at AND p.ends_at > NEW.starts_at) THEN
    RAISE EXCEPTION 'truth 7: overlapping periods of one person' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
---
CREATE TRIGGER participant_of_one_person BEFORE INSERT OR UPDATE ON participant
FOR EACH ROW EXECUTE FUNCTION guard_one_person()
