-- Duplicates put together, who follows a case, what reporters were told, places that come back.

CREATE TABLE case_merge (                   -- a merged case and the one that stands for it
    case_id bigint PRIMARY KEY REFERENCES cases,
    into_id bigint NOT NULL REFERENCES cases,   -- never merged itself: a chain is folded at once
    path bigint[] NOT NULL DEFAULT '{}',    -- merged cases it came through, the first one first
    since timestamptz NOT NULL,
    merged_by bigint REFERENCES person,
    CONSTRAINT a_case_stands_not_for_itself CHECK (into_id <> case_id)
);
CREATE INDEX case_merge_into_idx ON case_merge (into_id);

CREATE TABLE case_follower (                -- who also reported it, besides the case's own reporter
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    source text NOT NULL,                   -- as cases.source
    person_id bigint REFERENCES person,     -- who entered the report
    caller_id bigint REFERENCES caller,     -- who rang, where somebody did
    from_case_id bigint REFERENCES cases,   -- the merged case; null: joined without one
    since timestamptz NOT NULL,
    CONSTRAINT a_follower_once
        UNIQUE NULLS NOT DISTINCT (case_id, from_case_id, person_id, caller_id)
);
CREATE INDEX case_follower_from_idx ON case_follower (from_case_id);
CREATE INDEX case_follower_person_idx ON case_follower (person_id);
CREATE INDEX case_follower_caller_idx ON case_follower (caller_id);

CREATE TABLE case_reply (                   -- what a reporter is told
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,   -- the report of this person
    about_id bigint NOT NULL REFERENCES cases,  -- the case it speaks of: that one or the one it went into
    event_seq int,                          -- the step of `about_id` it tells of; null: written by hand
    kind text NOT NULL CHECK (kind IN ('ended', 'refused', 'merged', 'unmerged', 'reopened', 'written')),
    words text NOT NULL DEFAULT '',         -- the reason given, or what was written
    person_id bigint REFERENCES person,
    caller_id bigint REFERENCES caller,
    made_at timestamptz NOT NULL,
    made_by bigint REFERENCES person        -- null: the product itself
);
CREATE UNIQUE INDEX a_reply_once_per_step
    ON case_reply (case_id, about_id, event_seq, person_id, caller_id) NULLS NOT DISTINCT
    WHERE event_seq IS NOT NULL;
CREATE INDEX case_reply_case_idx ON case_reply (case_id, made_at);
CREATE INDEX case_reply_about_idx ON case_reply (about_id, made_at);

CREATE TABLE repeat_place (                 -- the same class reported again and again at one point
    id bigint PRIMARY KEY,                  -- the first of its cases within the period
    street_code text NOT NULL,
    grid_code text NOT NULL,                -- of the case nearest to the middle
    kind text NOT NULL,
    edition text NOT NULL,
    class_code text NOT NULL,
    department_id bigint REFERENCES department,   -- null: none yet, or several
    reports int NOT NULL,
    still_open int NOT NULL,
    rank smallint NOT NULL,                 -- 1: often (repeat_least), 2: very often (repeat_many)
    reported timestamptz[] NOT NULL,        -- when, newest first
    last_at timestamptz NOT NULL,
    geom geometry(Point, 4490) NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX repeat_place_geom_3857_gist ON repeat_place USING gist (geom_3857);
CREATE INDEX repeat_place_order_idx ON repeat_place (reports DESC, last_at DESC, id);
