-- Who rings the citizen line: readable only with the key in WANMI_HOME/secrets, forgotten in time.

CREATE TABLE caller (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name_cipher bytea,                      -- null: not said, or forgotten
    phone_cipher bytea,                     -- null: forgotten; begins with the id of its key
    phone_lookup bytea UNIQUE,              -- keyed hash of the number, for equality
    phone_masked text NOT NULL,             -- 138****1234; '' when forgotten
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    forgotten_at timestamptz,               -- name and number were removed; the row stays for its cases
    version int NOT NULL DEFAULT 1,
    CONSTRAINT forgotten_is_empty CHECK (
        (forgotten_at IS NULL) = (phone_cipher IS NOT NULL)
        AND (phone_cipher IS NULL) = (phone_lookup IS NULL)
        AND (forgotten_at IS NULL OR (name_cipher IS NULL AND phone_masked = ''))
    )
);

CREATE TABLE caller_call (                  -- what a caller rang about
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    caller_id bigint NOT NULL REFERENCES caller,
    case_id bigint NOT NULL REFERENCES cases,
    kind text NOT NULL CHECK (kind IN ('reported', 'joined', 'asked')),
    at timestamptz NOT NULL,
    taken_by bigint REFERENCES person
);
CREATE INDEX caller_call_caller_idx ON caller_call (caller_id, at);
CREATE INDEX caller_call_case_idx ON caller_call (case_id, caller_id);

CREATE TABLE call_back (                    -- one try to reach a caller after the end of a case
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    caller_id bigint NOT NULL REFERENCES caller,
    closed_at timestamptz NOT NULL,         -- the closing asked about; a reopened case is asked about anew
    try smallint NOT NULL CHECK (try >= 1),
    at timestamptz NOT NULL,
    made_by bigint REFERENCES person,
    reached boolean NOT NULL,
    next_try_at timestamptz,                -- null: answered, or given up
    satisfied text CHECK (satisfied IN ('yes', 'partly', 'no')),
    words text NOT NULL DEFAULT '',
    CONSTRAINT one_row_per_try UNIQUE (case_id, caller_id, closed_at, try),
    CONSTRAINT only_the_reached_answer CHECK (reached = (satisfied IS NOT NULL)),
    CONSTRAINT only_the_missed_are_tried_again CHECK (NOT reached OR next_try_at IS NULL)
);
CREATE INDEX call_back_at_idx ON call_back (at);
-- Looks at callers' numbers, counted by the auditor; closings, for the call-backs after them.
CREATE INDEX audit_event_reveal_idx ON audit_event (at) WHERE subject_type = 'caller' AND action = 'revealed';
CREATE INDEX cases_closed_idx ON cases (closed_at) WHERE closed_at IS NOT NULL;
