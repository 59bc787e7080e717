------------------------------------------------------------------ clocks and what they tell
CREATE TABLE case_notice (                  -- what a post should look at; each thing is said once
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    kind text NOT NULL CHECK (kind IN ('overdue', 'stage_overdue', 'supervision', 'return_loop',
                                       'evidence_flag', 'assigned', 'taken_back')),
    level smallint,                         -- to be shown: place in the levels of the clock, or how many times
    about text NOT NULL DEFAULT '',         -- which one, where a case has several: a level's words, a stage's run, a step
    role text NOT NULL,
    area_code text NOT NULL,                -- the case's cell: posts whose area covers it
    department_id bigint REFERENCES department,    -- set: only people of it
    person_id bigint REFERENCES person,            -- set: this person first
    made_at timestamptz NOT NULL,
    CONSTRAINT a_notice_once UNIQUE (case_id, kind, about)
);
CREATE INDEX case_notice_role_idx ON case_notice (role, made_at DESC);

CREATE TABLE case_clock (                   -- the handling limit and the stage a case stands in
    case_id bigint NOT NULL REFERENCES cases,
    slot text NOT NULL CHECK (slot IN ('case', 'stage')),
    name text NOT NULL,                     -- case, or a stage clock: acceptance, filing …
    run int NOT NULL DEFAULT 1,             -- counts the stages of a case; of the handling limit always 1
    started_at timestamptz NOT NULL,        -- when this run began
    limit_value numeric NOT NULL,
    limit_unit text NOT NULL,
    base_at timestamptz,                    -- since when it runs without a hold; null: held or stopped
    base_left_s double precision,           -- what was left then; null: the end is an agreed date
    due_at timestamptz,
    provisional boolean NOT NULL DEFAULT false,
    left_s double precision,                -- held or stopped: what was left
    next_level smallint NOT NULL DEFAULT 0,
    next_at timestamptz,                    -- when the sweep looks at it next; null: nothing to come
    PRIMARY KEY (case_id, slot)
);
CREATE INDEX case_clock_next_idx ON case_clock (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX case_clock_working_idx ON case_clock (case_id)
    WHERE base_at IS NOT NULL AND limit_unit IN ('working_hour', 'working_day');
CREATE INDEX cases_running_idx ON cases (id) WHERE open AND due_at IS NOT NULL AND clock_left IS NULL;

CREATE TABLE case_clock_event (             -- what happened to a clock; append-only
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    seq int,                                -- the step of the history; null: the calendar changed
    slot text NOT NULL,
    name text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('start', 'stop', 'pause', 'resume', 'extend',
                                                 'recompute')),
    at timestamptz NOT NULL,
    due_at timestamptz,                     -- after it; of a stop: the end that counted
    provisional boolean NOT NULL DEFAULT false,
    left_s double precision,
    limit_value numeric,
    limit_unit text
);
CREATE INDEX case_clock_event_idx ON case_clock_event (case_id, id);

CREATE TABLE calendar_edit (                -- changes of the working calendar, until every clock follows
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_day date NOT NULL,
    last_day date NOT NULL,
    made_at timestamptz NOT NULL,
    made_by bigint REFERENCES person,
    settled_at timestamptz                  -- null: clocks may still stand as before
);
CREATE INDEX calendar_edit_open_idx ON calendar_edit (id) WHERE settled_at IS NULL;
