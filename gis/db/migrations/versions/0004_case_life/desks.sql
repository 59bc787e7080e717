------------------------------------------------------------------ finding cases
-- Everything a list can be narrowed by, as one set of keys: places, class, state, source, department,
-- persons, parts of the number, pairs of neighbouring letters of the text, and the day, week, four weeks
-- and year (of 52 weeks) of the report, the last two also together with the street. Pairs because a
-- Chinese word has two letters; trigrams find none.
CREATE FUNCTION case_keys(
    number text, grid_code text, kind text, edition text, class_code text, state text, open boolean,
    source text, department_id bigint, reporter_id bigint, supervisor_id bigint, handler_id bigint,
    reported_at timestamptz, description text
) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    letters text := lower(description);
    day int := floor(extract(epoch FROM reported_at) / 86400);
BEGIN
    RETURN array_to_tsvector(
        array_remove(ARRAY[
            'a' || left(grid_code, 6), 'a' || left(grid_code, 9), 'a' || left(grid_code, 12),
            'a' || grid_code, 'k' || edition || left(kind, 1) || class_code, 's' || state,
            CASE WHEN open THEN 'o' END, 'u' || source, 'v' || department_id, 'p' || reporter_id,
            'p' || supervisor_id, 'p' || handler_id,
            'n' || split_part(number, '-', 2), 'n' || split_part(number, '-', 3),
            'D' || day, 'W' || day / 7, 'M' || day / 28, 'Y' || day / 364,
            'b' || left(grid_code, 9) || 'M' || day / 28,
            'b' || left(grid_code, 9) || 'Y' || day / 364], NULL)
        || ARRAY(SELECT 't' || a || b
                 FROM unnest(string_to_array(letters, NULL),
                             string_to_array(substr(letters, 2), NULL)) AS pair (a, b)
                 WHERE a <> ' ' AND b <> ' '));
END $$;

CREATE INDEX cases_keys_gin ON cases USING gin (case_keys(
    number, grid_code, kind, edition, class_code, state, open, source, department_id, reporter_id,
    supervisor_id, handler_id, reported_at, description)) WITH (gin_pending_list_limit = 1024);

------------------------------------------------------------------ what a person has read and keeps
CREATE TABLE case_seen (                    -- the version of a case somebody has looked at
    person_id bigint NOT NULL REFERENCES person,
    case_id bigint NOT NULL REFERENCES cases,
    version int NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, case_id)
);

CREATE TABLE case_filter (                  -- a saved filter of the list or the inbox
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES person,
    desk text NOT NULL CHECK (desk IN ('list', 'inbox')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 60),
    shared_area_code text,                  -- null: personal; '' everybody, else people of this area
    query text NOT NULL,                    -- as the address of the page carries it
    version int NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL
);
CREATE INDEX case_filter_owner_idx ON case_filter (owner_id);
CREATE INDEX case_filter_shared_idx ON case_filter (shared_area_code) WHERE shared_area_code IS NOT NULL;

CREATE TABLE substitute (                   -- who does somebody's work while they are away
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person,
    substitute_id bigint NOT NULL REFERENCES person,
    first_day date NOT NULL,
    last_day date NOT NULL,                 -- the last one: it ends by itself
    made_by bigint NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL,
    ended_at timestamptz,                   -- ended before its last day
    CONSTRAINT nobody_stands_in_for_themselves CHECK (person_id <> substitute_id),
    CONSTRAINT days_in_order CHECK (first_day <= last_day)
);
CREATE INDEX substitute_person_idx ON substitute (person_id, last_day);
CREATE INDEX substitute_substitute_idx ON substitute (substitute_id, last_day);
