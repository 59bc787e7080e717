-- What the map of a whole city needs beside the master data.

------------------------------------------------------------------ outlines for small scales
-- A pixel is 76 m wide at zoom 11 and 19 m at zoom 13 (web Mercator): what is left out is not seen.
ALTER TABLE area ADD COLUMN geom_far_3857 geometry(MultiPolygon, 3857)
    GENERATED ALWAYS AS (ST_Multi(ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), 20))) STORED;
ALTER TABLE grid_cell ADD COLUMN geom_far_3857 geometry(Polygon, 3857)
    GENERATED ALWAYS AS (ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), 5)) STORED;

------------------------------------------------------------------ mains for small scales
CREATE TABLE pipe_main (                    -- mains of one kind in one area, merged into one shape
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level smallint NOT NULL CHECK (level IN (3, 4)),   -- 3 by street, 4 by community
    kind text NOT NULL,
    area_code text NOT NULL,
    segments int NOT NULL,
    length_m double precision NOT NULL,     -- of the segments, before anything was left out
    dataset_id text REFERENCES dataset,
    geom geometry(MultiLineString, 4490) NOT NULL,
    geom_3857 geometry(MultiLineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX pipe_main_street_gist ON pipe_main USING gist (geom_3857) WHERE level = 3;
CREATE INDEX pipe_main_community_gist ON pipe_main USING gist (geom_3857) WHERE level = 4;

------------------------------------------------------------------ open cases by area
-- What a lamp needs is in the index: a tile of clusters counts without a visit to the table.
CREATE INDEX cases_open_grid_idx ON cases (grid_code, due_at)
    INCLUDE (department_id, state, handled_at) WHERE open;

------------------------------------------------------------------ what people keep
CREATE TABLE map_view (                     -- a saved view: personal, or shared with an area
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES person,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 60),
    shared_area_code text,                  -- null: personal; '' everybody, else people of this area
    state jsonb NOT NULL,
    version int NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL
);
CREATE INDEX map_view_owner_idx ON map_view (owner_id);
CREATE INDEX map_view_shared_idx ON map_view (shared_area_code) WHERE shared_area_code IS NOT NULL;

CREATE TABLE layer_style (                  -- the highest version counts; none: as shipped
    layer text NOT NULL,
    version int NOT NULL,
    style jsonb,                            -- null: as shipped again
    note text NOT NULL DEFAULT '',
    made_by bigint REFERENCES person,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (layer, version)
);

------------------------------------------------------------------ messages nobody reads any more
-- Tiles of cases are as new as the last step of a case: nobody has to be told.
DELETE FROM outbox WHERE topic = 'tiles.changed';
