-- purpose  One report, whole: cell, class, nearest component, number, case, first event, audit link,
--          messages, photos and the answer kept with the idempotency key. Writes all or nothing.
-- params   lon, lat float8 (4490); kind, class_code, description, source, move, state text; open bool;
--          accuracy_m float8 or null; actor_id bigint or null; role text; scope text[]; now timestamptz;
--          data jsonb text (for the event); photos, purposes text[] (same length); key_person bigint; key text;
--          edition, time_zone text, nearest_m, edge_most_m float8, stage_limit text ("0.25 urgent_hour"):
--          what counts while the district has not set it; stage text or null: the stage clock that begins;
--          cell_choice text or null: the cell that the reporter named, within the accuracy
-- columns  response jsonb: see Reported. No row: outside every cell or the scope, a choice too far away,
--          unknown class or photo; the command then asks why. Nothing is written in that case.
-- ties     A point on a shared edge belongs to the cell with the smallest code.
-- index    grid_cell_geom_gist, case_class_pkey, component_geom_work_gist, file_upload_pkey, the keys of what is written
-- order    The street's counter is the first lock another report can wait for, and only the writes of
--          this statement and the commit follow it.
-- cost     1.2 ms in the server with 102,400 cells and 204,800 components
WITH config AS MATERIALIZED (
    SELECT coalesce(max(value #>> '{}') FILTER (WHERE key = 'edition'), :edition) AS edition,
           coalesce(max(value #>> '{}') FILTER (WHERE key = 'time_zone'), :time_zone) AS zone,
           coalesce(CAST(max(value #>> '{}') FILTER (WHERE key = 'nearest_component_m') AS float8),
                    :nearest_m) AS nearest_m,
           coalesce(CAST(max(value #>> '{}') FILTER (WHERE key = 'near_edge_most_m') AS float8),
                    :edge_most_m) AS edge_most_m,
           coalesce(max(value #>> '{}') FILTER (WHERE key = 'stage_limit_' || CAST(:stage AS text)),
                    :stage_limit) AS stage_limit
    FROM setting
    WHERE key IN ('edition', 'time_zone', 'nearest_component_m', 'near_edge_most_m',
                  'stage_limit_' || CAST(:stage AS text))
),
stage AS MATERIALIZED (                     -- a limit in working time is wound up by the sweep
    SELECT CAST(:stage AS text) AS name, CAST(split_part(stage_limit, ' ', 1) AS numeric) AS value,
           split_part(stage_limit, ' ', 2) AS unit,
           CAST(split_part(stage_limit, ' ', 1) AS float8)
               * CASE split_part(stage_limit, ' ', 2) WHEN 'urgent_hour' THEN 3600
                                                      WHEN 'urgent_day' THEN 86400
                                                      WHEN 'calendar_day' THEN 86400 END AS seconds
    FROM config
    WHERE CAST(:stage AS text) IS NOT NULL
),
spot AS MATERIALIZED (
    SELECT edition, nearest_m, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) AS geom,
           CASE WHEN CAST(:accuracy_m AS float8) > 0
                THEN least(CAST(:accuracy_m AS float8), edge_most_m) END AS edge_m,
           CAST(CAST(:now AS timestamptz) AT TIME ZONE zone AS date) AS day
    FROM config
),
here AS MATERIALIZED (
    SELECT code, community_code, street_code, district_code
    FROM (SELECT g.code, g.community_code, g.street_code, g.district_code
          FROM spot JOIN grid_cell g ON g.geom && spot.geom AND ST_Intersects(g.geom, spot.geom)
          WHERE g.valid_from <= spot.day AND (g.valid_to IS NULL OR g.valid_to > spot.day)
          OFFSET 0) touching   -- a fence: sorting by code must not tempt the planner off the GiST
    ORDER BY code
    LIMIT 1
),
around AS MATERIALIZED (   -- every cell the position may lie in; the box in degrees uses the index
    SELECT g.code, g.community_code, g.street_code, g.district_code,
           ST_Distance(g.geom_work, s.work) AS distance_m
    FROM (SELECT geom, day, edge_m, ST_Transform(geom, work_srid()) AS work
          FROM spot WHERE edge_m IS NOT NULL) s
    JOIN grid_cell g
      ON g.geom && ST_Expand(s.geom, s.edge_m / (110000 * cos(radians(ST_Y(s.geom)))), s.edge_m / 110000)
     AND ST_DWithin(g.geom_work, s.work, s.edge_m)
    WHERE g.valid_from <= s.day AND (g.valid_to IS NULL OR g.valid_to > s.day)
),
cell AS MATERIALIZED (
    SELECT code, community_code, street_code, district_code FROM here
    WHERE CAST(:cell_choice AS text) IS NULL
    UNION ALL
    SELECT code, community_code, street_code, district_code FROM around WHERE code = :cell_choice
),
nearest AS MATERIALIZED (
    SELECT c.id, c.code, ST_Distance(c.geom_work, work.geom) AS distance_m
    FROM (SELECT edition, nearest_m, ST_Transform(geom, work_srid()) AS geom
          FROM spot WHERE CAST(:kind AS text) = 'component') work
    JOIN component c ON c.geom_work && ST_Expand(work.geom, work.nearest_m)
                    AND ST_DWithin(c.geom_work, work.geom, work.nearest_m)
    WHERE c.class_code = :class_code AND c.edition = work.edition AND c.state <> 'removed'
    ORDER BY distance_m, c.id
    LIMIT 1
),
fit AS MATERIALIZED (
    SELECT cell.*, spot.geom, spot.day, spot.edition
    FROM spot
    JOIN cell ON cell.code ^@ ANY(CAST(:scope AS text[]))
    JOIN case_class k ON k.kind = :kind AND k.edition = spot.edition AND k.code = :class_code
                     AND NOT k.reserved
    WHERE (SELECT count(*)
           FROM unnest(CAST(:photos AS text[]), CAST(:purposes AS text[])) AS sent (sha256, purpose)
           JOIN file_upload u ON u.sha256 = sent.sha256 AND u.person_id = CAST(:actor_id AS bigint)
           JOIN stored_file f ON f.sha256 = sent.sha256
                             AND (sent.purpose = 'file' OR f.media_type = 'image/jpeg'))
          = cardinality(CAST(:photos AS text[]))
),
counted AS (
    INSERT INTO case_counter AS c (street_code, day, last)
    SELECT street_code, day, 1 FROM fit
    ON CONFLICT (street_code, day) DO UPDATE SET last = c.last + 1
    RETURNING last
),
made AS (
    INSERT INTO cases (number, district_code, street_code, community_code, grid_code, kind, edition,
                       class_code, description, source, state, open, reporter_id, component_id,
                       accuracy_m, reported_at, changed_at, changed_by, geom)
    SELECT fit.street_code || '-' || to_char(fit.day, 'YYMMDD') || '-'
               || lpad(CAST(counted.last AS text), greatest(4, length(CAST(counted.last AS text))), '0'),
           fit.district_code, fit.street_code, fit.community_code, fit.code, :kind, fit.edition,
           :class_code, :description, :source, :state, :open, CAST(:actor_id AS bigint),
           (SELECT id FROM nearest), :accuracy_m, :now, :now, CAST(:actor_id AS bigint), fit.geom
    FROM fit CROSS JOIN counted
    RETURNING id, number, district_code, street_code, community_code, grid_code, edition
),
event AS (
    INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, actor_id, role, data)
    SELECT id, 1, :move, 'START', :state, :now, CAST(:actor_id AS bigint), :role,
           CAST(:data AS jsonb)
    FROM made
),
trail AS (
    INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data, hash)
    SELECT 'case', id, 1, :now, CAST(:actor_id AS bigint), :role, :move, data,
           audit_hash(NULL, 1, :now, CAST(:actor_id AS bigint), :role, :move, data)
    FROM (SELECT id, jsonb_build_object(
                     'number', number, 'to', CAST(:state AS text), 'kind', CAST(:kind AS text),
                     'edition', edition, 'class_code', CAST(:class_code AS text),
                     'text', CAST(:description AS text), 'source', CAST(:source AS text),
                     'lon', CAST(:lon AS float8), 'lat', CAST(:lat AS float8),
                     'grid_code', grid_code, 'photos', to_jsonb(CAST(:photos AS text[]))) AS data
          FROM made) said
),
told AS (
    INSERT INTO outbox (topic, subject_id, payload, created_at)
    SELECT 'case.moved', id,
           jsonb_build_object('number', number, 'move', CAST(:move AS text),
                              'from', NULL, 'to', CAST(:state AS text), 'version', 1), :now
    FROM made
),
shown AS (
    INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)
    SELECT made.id, 1, p.purpose, p.sha256, p.position
    FROM made
    CROSS JOIN unnest(CAST(:purposes AS text[]), CAST(:photos AS text[]))
        WITH ORDINALITY AS p (purpose, sha256, position)
),
clock AS (
    INSERT INTO case_clock (case_id, slot, name, started_at, limit_value, limit_unit, base_at,
                            base_left_s, due_at, next_at)
    SELECT made.id, 'stage', stage.name, :now, stage.value, stage.unit, :now, stage.seconds,
           CAST(:now AS timestamptz) + make_interval(secs => stage.seconds), :now
    FROM made CROSS JOIN stage
    RETURNING case_id, slot, name, due_at, limit_value, limit_unit
),
ticked AS (
    INSERT INTO case_clock_event (case_id, seq, slot, name, operation, at, due_at, limit_value,
                                  limit_unit)
    SELECT case_id, 1, slot, name, 'start', :now, due_at, limit_value, limit_unit FROM clock
),
edge AS (
    INSERT INTO case_cell_edge (case_id, accuracy_m, point_cell, chosen_cell, chosen_by, candidates)
    SELECT made.id, spot.edge_m, here.code, made.grid_code,
           CASE WHEN CAST(:cell_choice AS text) IS NOT NULL THEN CAST(:actor_id AS bigint) END,
           (SELECT jsonb_agg(jsonb_build_object('grid_code', code,
                                                'distance_m', round(CAST(distance_m AS numeric), 1))
                             ORDER BY distance_m, code) FROM around)
    FROM made CROSS JOIN spot LEFT JOIN here ON true
    WHERE (SELECT count(*) FROM around) > 1
       OR (CAST(:cell_choice AS text) IS NOT NULL AND here.code IS NULL)
),
answer AS (
    SELECT jsonb_build_object(
        'case_id', made.id, 'number', made.number, 'state', CAST(:state AS text), 'version', 1,
        'kind', CAST(:kind AS text), 'edition', made.edition,
        'class_code', CAST(:class_code AS text), 'grid_code', made.grid_code,
        'community_code', made.community_code, 'street_code', made.street_code,
        'district_code', made.district_code,
        'community', (SELECT jsonb_build_object('zh', name_zh, 'en', name_en)
                      FROM area WHERE code = made.community_code),
        'street', (SELECT jsonb_build_object('zh', name_zh, 'en', name_en)
                   FROM area WHERE code = made.street_code),
        'component_code', (SELECT code FROM nearest),
        'component_distance_m', (SELECT round(CAST(distance_m AS numeric), 1) FROM nearest),
        'reported_at', CAST(:now AS timestamptz)) AS response
    FROM made
),
kept AS (
    UPDATE idempotency_key SET response = answer.response
    FROM answer
    WHERE person_id = :key_person AND key = :key
)
SELECT response FROM answer
