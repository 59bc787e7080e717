-- The first schema. {srid} is the district's working CRS (metres), fixed when a database is made.
-- Geometry: geom (CGCS2000 degrees) is the master; geom_3857 serves tiles, geom_work every measure.

------------------------------------------------------------------ audit, outbox, idempotency
CREATE FUNCTION audit_hash(prev bytea, seq int, at timestamptz, actor_id bigint, role text,
                           action text, data jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(coalesce(prev, ''::bytea) || convert_to(concat_ws('|', seq,
        (extract(epoch FROM at) * 1000000)::bigint, coalesce(actor_id, 0), role, action, data::text), 'UTF8'))
$$;

CREATE FUNCTION work_srid() RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {srid} $$;   -- for constants beside geom_work

CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_type text NOT NULL,
    subject_id bigint NOT NULL,
    seq int NOT NULL,                       -- 1, 2, 3 … within the subject: a gap is tampering
    at timestamptz NOT NULL,
    actor_id bigint,                        -- null: the system itself
    role text NOT NULL,
    action text NOT NULL,
    data jsonb NOT NULL DEFAULT '{{}}',
    prev_hash bytea,
    hash bytea NOT NULL,
    CONSTRAINT one_event_per_place_in_the_chain UNIQUE (subject_type, subject_id, seq)
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    subject_id bigint,
    payload jsonb NOT NULL DEFAULT '{{}}',
    created_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    delivered_at timestamptz
);
CREATE INDEX outbox_waiting_idx ON outbox (id) WHERE delivered_at IS NULL;

CREATE TABLE idempotency_key (
    person_id bigint NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    response jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE INDEX idempotency_key_created_idx ON idempotency_key (created_at);

------------------------------------------------------------------ files
CREATE TABLE stored_file (
    sha256 text PRIMARY KEY,                -- of the stored, re-encoded bytes; also the file's name
    original_sha256 text NOT NULL,          -- of what was sent: finds re-used photos
    media_type text NOT NULL,
    size_bytes int NOT NULL,
    width_px int,
    height_px int,
    uploaded_by bigint,
    uploaded_at timestamptz NOT NULL
);
CREATE INDEX stored_file_original_idx ON stored_file (original_sha256);
CREATE TABLE file_exif (                    -- restricted: evidence taken out before the photo is stripped
    sha256 text PRIMARY KEY REFERENCES stored_file,
    taken_at timestamptz,
    lon double precision,
    lat double precision,
    camera text
);
CREATE TABLE file_upload (                  -- who sent it: the same photo may come from several
    sha256 text NOT NULL REFERENCES stored_file,
    person_id bigint NOT NULL,
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (sha256, person_id)
);

------------------------------------------------------------------ accounts
CREATE TABLE department (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,                     -- supervision_centre | command_centre | department | street
    name_zh text NOT NULL,
    name_en text NOT NULL,
    area_code text NOT NULL DEFAULT '',     -- prefix of what it serves; '' = everything
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    version int NOT NULL DEFAULT 1
);

CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login citext NOT NULL UNIQUE,
    name text NOT NULL,
    department_id bigint NOT NULL REFERENCES department,
    phone text,
    password_hash text,                     -- null: cannot sign in with a password
    failed_count int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    demo boolean NOT NULL DEFAULT false,    -- made by the generator: only one-click sign-in on loopback
    locale text,
    created_at timestamptz NOT NULL,
    version int NOT NULL DEFAULT 1
);
CREATE INDEX person_department_idx ON person (department_id);

CREATE TABLE post (                         -- 岗位: a role held by a person over an area
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person,
    role text NOT NULL,
    area_code text NOT NULL,                -- prefix: '1101', '110101', street 9, community 12, grid 15 digits
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    CONSTRAINT one_post_per_role_and_area UNIQUE (person_id, role, area_code, valid_from)
);

CREATE TABLE shift (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    starts time NOT NULL,
    ends time NOT NULL                      -- before or at `starts`: runs past midnight
);

CREATE TABLE duty (                         -- duty roster: who is on which shift, day by day
    person_id bigint NOT NULL REFERENCES person,
    day date NOT NULL,
    shift_id bigint NOT NULL REFERENCES shift,
    PRIMARY KEY (day, shift_id, person_id)
);
CREATE INDEX duty_person_idx ON duty (person_id, day);

CREATE TABLE supervisor_cell (              -- which unit grids a supervisor walks
    person_id bigint NOT NULL REFERENCES person,
    grid_code text NOT NULL,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    PRIMARY KEY (grid_code, person_id, valid_from)
);
CREATE INDEX supervisor_cell_person_idx ON supervisor_cell (person_id);

CREATE TABLE web_session (
    token_hash bytea PRIMARY KEY,           -- sha256 of the cookie; the cookie itself is nowhere
    person_id bigint NOT NULL REFERENCES person,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,        -- absolute end
    revoked_at timestamptz,
    demo boolean NOT NULL DEFAULT false,
    user_agent text
);
CREATE INDEX web_session_person_idx ON web_session (person_id);

CREATE TABLE setting (                      -- everything called a setting, with history by audit
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by bigint
);

------------------------------------------------------------------ standards and working time
CREATE TABLE case_class (                   -- component (部件) and event (事件) classes, per edition
    kind text NOT NULL CHECK (kind IN ('component', 'event')),
    edition text NOT NULL,                  -- 2007 | 2013 | 2026
    code text NOT NULL,
    class_code text NOT NULL,
    class_zh text NOT NULL,
    class_en text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    code_2026 text,
    source text NOT NULL,
    confidence text NOT NULL,
    reserved boolean NOT NULL DEFAULT false,
    PRIMARY KEY (kind, edition, code)
);

CREATE TABLE handling_rule (                -- filing condition, limit, closing condition
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    edition text NOT NULL,
    code text NOT NULL,
    condition_no int NOT NULL,
    filing_condition_zh text,
    filing_condition_en text NOT NULL,
    limit_value numeric,
    limit_unit text,                        -- urgent_hour | urgent_day | working_hour | working_day | calendar_day
    closing_condition_zh text,
    closing_condition_en text,
    scope text NOT NULL,
    source text NOT NULL,
    confidence text NOT NULL,
    CONSTRAINT one_rule_per_condition UNIQUE (kind, edition, code, condition_no)
);

CREATE TABLE code_value (                   -- every other code list: pipelines, land use …
    list text NOT NULL,
    edition text NOT NULL,
    code text NOT NULL,
    parent_code text,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    colour text,
    source text NOT NULL,
    confidence text NOT NULL,
    PRIMARY KEY (list, edition, code)
);

CREATE TABLE workday (
    day date PRIMARY KEY,
    is_workday boolean NOT NULL,
    source text NOT NULL,
    published_on date
);

------------------------------------------------------------------ catalogue
CREATE TABLE dataset (
    id text PRIMARY KEY,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    source text NOT NULL,
    licence text,
    attribution text,
    as_of text,
    note_zh text,
    note_en text,
    generated boolean NOT NULL DEFAULT false,   -- made by the demo generator: said on screen
    derived boolean NOT NULL DEFAULT false,     -- computed by us, not official: said on screen
    row_count bigint,
    loaded_at timestamptz NOT NULL
);

CREATE TABLE layer_version (                -- rises in the transaction that edits, once per batch
    layer text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now()
);

------------------------------------------------------------------ grids
CREATE TABLE area (
    code text PRIMARY KEY,                  -- 4 city, 6 district, 9 street, 12 community
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),   -- 1 city 2 district 3 street 4 community
    parent_code text REFERENCES area,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    derived boolean NOT NULL DEFAULT false,
    dataset_id text REFERENCES dataset,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    geom geometry(MultiPolygon, 4490),      -- null: named but not drawn
    geom_delivered geometry(MultiPolygon, 4490),   -- as handed over, before cells redrew the outline
    geom_3857 geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(MultiPolygon, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED,
    label_3857 geometry(Point, 3857)
);
CREATE INDEX area_geom_3857_gist ON area USING gist (geom_3857);
CREATE INDEX area_geom_gist ON area USING gist (geom);
CREATE INDEX area_level_idx ON area (level, parent_code);

CREATE TABLE grid_cell (                    -- 单元网格
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL,
    edition text NOT NULL,
    district_code text NOT NULL,
    street_code text NOT NULL,
    community_code text NOT NULL,
    area_m2 double precision NOT NULL,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    dataset_id text REFERENCES dataset,
    geom geometry(Polygon, 4490) NOT NULL,
    geom_3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Polygon, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED,
    label_3857 geometry(Point, 3857)
);
CREATE UNIQUE INDEX grid_cell_code_now_key ON grid_cell (code) WHERE valid_to IS NULL;
CREATE INDEX grid_cell_geom_gist ON grid_cell USING gist (geom);
CREATE INDEX grid_cell_geom_3857_gist ON grid_cell USING gist (geom_3857);
CREATE INDEX grid_cell_community_idx ON grid_cell (community_code);

CREATE TABLE grid_edge (                    -- every stretch of a cell's outline, once, with its origin
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin text NOT NULL CHECK (origin IN ('road', 'boundary', 'split')),
    left_code text,
    right_code text,
    length_m double precision NOT NULL,
    geom geometry(LineString, 4490) NOT NULL
);
CREATE INDEX grid_edge_left_idx ON grid_edge (left_code);
CREATE INDEX grid_edge_right_idx ON grid_edge (right_code);

CREATE TABLE responsibility_grid (          -- 责任网格: a group of unit grids
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    area_code text NOT NULL,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date
);
CREATE TABLE responsibility_grid_cell (
    responsibility_grid_id bigint NOT NULL REFERENCES responsibility_grid,
    grid_code text NOT NULL,
    PRIMARY KEY (grid_code, responsibility_grid_id)
);

------------------------------------------------------------------ places
CREATE TABLE place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,                     -- area | road | facility | address …
    name text NOT NULL,
    alias text,
    pinyin text,
    grid_code text,
    geom geometry(Point, 4490) NOT NULL
);
CREATE INDEX place_name_trgm ON place USING gin (name gin_trgm_ops);
CREATE INDEX place_pinyin_trgm ON place USING gin (pinyin gin_trgm_ops);
CREATE INDEX place_geom_gist ON place USING gist (geom);

------------------------------------------------------------------ base data
CREATE TABLE road (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text,
    class text NOT NULL,                    -- OSM highway value
    rank smallint NOT NULL,                 -- 1 trunk … 5 path: draws and thins by it
    suspect_shortcut boolean NOT NULL DEFAULT false,   -- geometry incomplete: shown, never measured
    grid_code text,
    dataset_id text REFERENCES dataset,
    length_m double precision,
    geom geometry(LineString, 4490) NOT NULL,
    geom_3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(LineString, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX road_geom_3857_gist ON road USING gist (geom_3857);
CREATE INDEX road_geom_gist ON road USING gist (geom);

CREATE TABLE building (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    floors smallint,
    grid_code text,
    dataset_id text REFERENCES dataset,
    geom geometry(Polygon, 4490) NOT NULL,
    geom_3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Polygon, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX building_geom_3857_gist ON building USING gist (geom_3857);
CREATE INDEX building_grid_idx ON building (grid_code);

CREATE TABLE water_green (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('water', 'green')),
    name text,
    grid_code text,
    dataset_id text REFERENCES dataset,
    geom geometry(Polygon, 4490) NOT NULL,
    geom_3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Polygon, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX water_green_geom_3857_gist ON water_green USING gist (geom_3857);

CREATE TABLE facility (                     -- hospitals and other named points
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    address text,
    grid_code text,
    dataset_id text REFERENCES dataset,
    geom geometry(Point, 4490) NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX facility_geom_3857_gist ON facility USING gist (geom_3857);
CREATE INDEX facility_grid_idx ON facility (grid_code);

CREATE TABLE population (
    area_code text NOT NULL,                -- street, community or grid
    as_of text NOT NULL,
    people int NOT NULL,
    dataset_id text REFERENCES dataset,
    PRIMARY KEY (area_code, as_of)
);

------------------------------------------------------------------ components, pipelines, land
CREATE TABLE component (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL,                     -- 16 digits in the 2013 edition
    edition text NOT NULL,
    class_code text NOT NULL,               -- 4 digits: class + subclass
    grid_code text NOT NULL,
    state text NOT NULL DEFAULT 'intact',   -- intact | damaged | lost | abandoned | removed
    department_id bigint REFERENCES department,
    minzoom smallint NOT NULL DEFAULT 0,    -- lowest zoom at which this one stands for its neighbours
    dataset_id text REFERENCES dataset,
    installed_on date,
    geom geometry(Point, 4490) NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Point, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE UNIQUE INDEX component_code_key ON component (code);
CREATE INDEX component_geom_3857_gist ON component USING gist (geom_3857);
CREATE INDEX component_geom_3857_far_gist ON component USING gist (geom_3857) WHERE minzoom <= 12;
CREATE INDEX component_geom_work_gist ON component USING gist (geom_work);
CREATE INDEX component_grid_idx ON component (grid_code, class_code);

CREATE TABLE pipe_segment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,                     -- code of list 'pipeline_kind'
    main boolean NOT NULL DEFAULT false,
    diameter_mm int,
    material text,
    depth_m double precision,
    built_year smallint,
    length_m double precision NOT NULL,
    grid_code text NOT NULL,                -- cell of the segment's middle
    dataset_id text REFERENCES dataset,
    geom geometry(LineString, 4490) NOT NULL,
    geom_3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(LineString, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX pipe_segment_geom_3857_gist ON pipe_segment USING gist (geom_3857);
CREATE INDEX pipe_segment_main_gist ON pipe_segment USING gist (geom_3857) WHERE main;
CREATE INDEX pipe_segment_geom_work_gist ON pipe_segment USING gist (geom_work);
CREATE INDEX pipe_segment_grid_idx ON pipe_segment (grid_code, kind);

CREATE TABLE pipe_point (                   -- valves, manholes
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,
    type text NOT NULL,                     -- valve | manhole | …
    segment_id bigint REFERENCES pipe_segment,
    grid_code text NOT NULL,
    dataset_id text REFERENCES dataset,
    geom geometry(Point, 4490) NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX pipe_point_geom_3857_gist ON pipe_point USING gist (geom_3857);
CREATE INDEX pipe_point_grid_idx ON pipe_point (grid_code);

CREATE TABLE parcel (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    land_use_code text NOT NULL,            -- code of list 'land_use_2023'
    area_m2 double precision NOT NULL,
    grid_code text NOT NULL,
    dataset_id text REFERENCES dataset,
    geom geometry(Polygon, 4490) NOT NULL,
    geom_3857 geometry(Polygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Polygon, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX parcel_geom_3857_gist ON parcel USING gist (geom_3857);
CREATE INDEX parcel_grid_idx ON parcel (grid_code);

------------------------------------------------------------------ cases
CREATE TABLE case_counter (                 -- numbers without gaps per street and day
    street_code text NOT NULL,
    day date NOT NULL,
    last int NOT NULL,
    PRIMARY KEY (street_code, day)
);

CREATE TABLE cases (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL UNIQUE,            -- street-yymmdd-serial: 110101001-261122-0007
    district_code text NOT NULL,
    street_code text NOT NULL,
    community_code text NOT NULL,
    grid_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('component', 'event')),
    edition text NOT NULL,
    class_code text NOT NULL,
    condition_no int,                       -- which handling rule gave the limit
    description text NOT NULL DEFAULT '',
    source text NOT NULL,                   -- supervisor | citizen | call_desk | video | system
    state text NOT NULL,
    open boolean NOT NULL,                  -- false in the table's terminal states
    version int NOT NULL DEFAULT 1,
    reporter_id bigint REFERENCES person,
    supervisor_id bigint REFERENCES person, -- who verifies or checks now
    department_id bigint REFERENCES department,
    handler_id bigint REFERENCES person,
    dispatch_rule_id bigint,
    component_id bigint REFERENCES component,
    rework_count int NOT NULL DEFAULT 0,
    bounce_count int NOT NULL DEFAULT 0,
    accuracy_m double precision,
    reported_at timestamptz NOT NULL,
    filed_at timestamptz,
    dispatched_at timestamptz,
    due_at timestamptz,
    due_provisional boolean NOT NULL DEFAULT false,
    clock_left jsonb,                       -- while the clock is held: {{"seconds", "unit"}} still to run
    handled_at timestamptz,                 -- the clock stopped: result reported
    closed_at timestamptz,
    changed_at timestamptz NOT NULL,
    changed_by bigint REFERENCES person,
    geom geometry(Point, 4490) NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    geom_work geometry(Point, {srid}) GENERATED ALWAYS AS (ST_Transform(geom, {srid})) STORED
);
CREATE INDEX cases_queue_idx ON cases (state, coalesce(due_at, 'infinity'), changed_at, id) WHERE open;
CREATE INDEX cases_open_gist ON cases USING gist (geom_3857) WHERE open;
CREATE INDEX cases_department_open_idx ON cases (department_id, due_at) WHERE open;
CREATE INDEX cases_supervisor_open_idx ON cases (supervisor_id) WHERE open;
CREATE INDEX cases_reporter_idx ON cases (reporter_id, reported_at);
CREATE INDEX cases_grid_reported_idx ON cases (grid_code, reported_at);
CREATE INDEX cases_reported_idx ON cases USING brin (reported_at);

CREATE TABLE case_event (                   -- the history people read; append-only
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    seq int NOT NULL,
    move text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    at timestamptz NOT NULL,
    actor_id bigint REFERENCES person,
    role text NOT NULL,
    department_id bigint REFERENCES department,
    note text NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{{}}',
    CONSTRAINT one_event_per_step UNIQUE (case_id, seq)
);

CREATE TABLE attachment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases,
    event_seq int NOT NULL,
    purpose text NOT NULL,                  -- report | verification | before | after | check | evidence
    sha256 text NOT NULL REFERENCES stored_file,
    position smallint NOT NULL,
    CONSTRAINT a_photo_once_per_step UNIQUE (case_id, event_seq, sha256)
);
CREATE INDEX attachment_file_idx ON attachment (sha256);

------------------------------------------------------------------ dispatch
CREATE TABLE dispatch_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_code text NOT NULL,                -- prefix: grid, community, street, district or ''
    kind text NOT NULL,
    edition text NOT NULL,
    class_code text NOT NULL,               -- prefix of the class: '0101', '01' or ''
    department_id bigint NOT NULL REFERENCES department,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date,
    note text NOT NULL DEFAULT '',
    version int NOT NULL DEFAULT 1
);
CREATE INDEX dispatch_rule_kind_idx ON dispatch_rule (kind, edition);
