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

-- Everybody who reported what a case stands for. A view: it cannot drift from the reports.
-- `who` is the same for one supervisor and for one caller; a public report without a known caller
-- is somebody of its own.
CREATE VIEW case_reporter AS
WITH report AS NOT MATERIALIZED (            -- else every question would read all cases
    SELECT c.id AS from_case_id, c.source, c.reporter_id AS person_id, k.caller_id, c.reported_at AS since,
           coalesce('caller' || k.caller_id,
                    CASE WHEN c.source NOT IN ('citizen', 'call_desk') THEN 'person' || c.reporter_id END,
                    'case' || c.id) AS who
    FROM cases c
    LEFT JOIN LATERAL (SELECT caller_id FROM caller_call
                       WHERE case_id = c.id AND kind = 'reported' ORDER BY id LIMIT 1) k ON true
),
joined AS NOT MATERIALIZED (                -- rang about a case that was there
    SELECT case_id AS from_case_id, 'call_desk' AS source, CAST(NULL AS bigint) AS person_id, caller_id,
           at AS since, 'caller' || caller_id AS who
    FROM caller_call WHERE kind = 'joined'
)
SELECT from_case_id AS case_id, true AS own, report.* FROM report
UNION ALL
SELECT m.into_id, false, report.* FROM case_merge m JOIN report ON report.from_case_id = m.case_id
UNION ALL
SELECT from_case_id, false, joined.* FROM joined
UNION ALL
SELECT m.into_id, false, joined.* FROM case_merge m JOIN joined ON joined.from_case_id = m.case_id;

CREATE VIEW case_follower AS                -- who follows a case besides its own reporter
SELECT case_id, source, person_id, caller_id, from_case_id, since FROM case_reporter WHERE NOT own;

CREATE TABLE case_reply (                   -- what a reporter is told
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,   -- the report of this person
    about_id bigint NOT NULL REFERENCES cases,  -- the case it speaks of: that one or the one it went into
    event_id bigint REFERENCES case_event,   -- the step that it tells of; null: written by hand
    kind text NOT NULL CHECK (kind IN ('ended', 'refused', 'merged', 'unmerged', 'reopened', 'written')),
    words text NOT NULL DEFAULT '',         -- the reason given, or what was written
    person_id bigint REFERENCES person,
    caller_id bigint REFERENCES caller,
    made_at timestamptz NOT NULL,
    made_by bigint REFERENCES person        -- null: the product itself
);
CREATE UNIQUE INDEX a_reply_once_per_step
    ON case_reply (case_id, about_id, event_id, person_id, caller_id) NULLS NOT DISTINCT
    WHERE event_id IS NOT NULL;
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

-- what was merged before: the last merge of each case that is merged still, chains folded
WITH RECURSIVE direct AS (
    SELECT DISTINCT ON (c.id) c.id AS case_id, t.id AS into_id, e.at, e.actor_id
    FROM cases c
    JOIN case_event e ON e.case_id = c.id AND e.move = 'merge'
    JOIN cases t ON t.number = e.data ->> 'target_case' AND t.id <> c.id
    WHERE c.state = 'MERGED'
    ORDER BY c.id, e.seq DESC
),
chain AS (                                  -- a case that stood for others may have gone on
    SELECT case_id, into_id, CAST('{}' AS bigint[]) AS path, at, actor_id FROM direct
    UNION ALL
    SELECT chain.case_id, d.into_id, chain.path || d.case_id, chain.at, chain.actor_id
    FROM chain
    JOIN direct d ON d.case_id = chain.into_id
    WHERE d.into_id <> chain.case_id AND d.case_id <> ALL(chain.path)
)
INSERT INTO case_merge (case_id, into_id, path, since, merged_by)
SELECT DISTINCT ON (case_id) case_id, into_id, path, at, actor_id
FROM chain
ORDER BY case_id, cardinality(path) DESC;
