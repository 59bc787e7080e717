------------------------------------------------------------------ photos against their cases
CREATE TABLE evidence_finding (             -- a photo whose time, place or history does not fit its step
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    event_seq int NOT NULL,                 -- of a sub-task: the newest step when it was reported
    task_id bigint,                         -- the sub-task (case_task) it came with; null: the step itself
    sha256 text NOT NULL REFERENCES stored_file,
    kind text NOT NULL CHECK (kind IN ('far', 'old', 'ahead', 'no_place', 'no_time', 'reused')),
    person_id bigint REFERENCES person,     -- who made the step
    at timestamptz NOT NULL,                -- when the step was made
    metres double precision,                -- far: photo to case
    minutes double precision,               -- old: before it could be; ahead: after the step
    other_case_id bigint REFERENCES cases,  -- reused: where it was used first
    other_seq int,
    said text NOT NULL DEFAULT '',          -- the reason given with the step
    flagged boolean NOT NULL,               -- false: noted only
    decision text CHECK (decision IN ('accepted', 'not_acceptable')),
    decided_by bigint REFERENCES person,
    decided_at timestamptz,
    decision_note text NOT NULL DEFAULT '',
    CONSTRAINT a_finding_once_per_photo UNIQUE NULLS NOT DISTINCT (case_id, event_seq, task_id, sha256, kind),
    CONSTRAINT decided_is_whole CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX evidence_finding_flagged_idx ON evidence_finding (at DESC, id DESC) WHERE flagged;
CREATE INDEX evidence_finding_file_idx ON evidence_finding (sha256);

-- What a supervisor checked in a period, and the self-handled cases a sample is drawn from.
CREATE INDEX case_event_check_idx ON case_event (at, actor_id)
    WHERE move IN ('verify_true', 'verify_false', 'check_passed', 'check_failed');
CREATE INDEX cases_self_handled_idx ON cases (reported_at DESC, id DESC) WHERE state = 'SELF_HANDLED';

------------------------------------------------------------------ files on the disk against their names
CREATE TABLE file_check (                   -- the newest look at a stored file
    sha256 text PRIMARY KEY REFERENCES stored_file,
    checked_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('whole', 'missing', 'altered')),
    since timestamptz NOT NULL              -- when it was first found in this state
);
CREATE INDEX file_check_bad_idx ON file_check (since) WHERE state <> 'whole';
CREATE INDEX file_check_oldest_idx ON file_check (checked_at);
CREATE INDEX stored_file_uploaded_idx ON stored_file (uploaded_at);
