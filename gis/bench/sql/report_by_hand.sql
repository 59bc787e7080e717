-- purpose  The reference of intake.command: one statement by hand that writes what a report writes
--          (locate, number, case, event, audit link, outbox, key with its answer), asking no rule.
-- params   lon, lat float8; person bigint; key text; request_hash bytea; now timestamptz
-- columns  response jsonb
-- index    the same as report_case.sql
-- cost     what the bench measures
WITH cell AS (
    SELECT code, community_code, street_code, district_code,
           ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) AS geom
    FROM grid_cell
    WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))
    LIMIT 1
),
nearest AS (
    SELECT c.id, c.code
    FROM component c,
         (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4490), work_srid()) AS geom) w
    WHERE ST_DWithin(c.geom_work, w.geom, 30) AND c.class_code = '0101'
    ORDER BY ST_Distance(c.geom_work, w.geom)
    LIMIT 1
),
counted AS (
    INSERT INTO case_counter AS c (street_code, day, last)
    SELECT street_code, CAST(CAST(:now AS timestamptz) AS date), 1 FROM cell
    ON CONFLICT (street_code, day) DO UPDATE SET last = c.last + 1
    RETURNING last
),
made AS (
    INSERT INTO cases (number, district_code, street_code, community_code, grid_code, kind, edition,
                       class_code, description, source, state, open, reporter_id, component_id,
                       reported_at, changed_at, changed_by, geom)
    SELECT cell.street_code || '-' || to_char(CAST(:now AS timestamptz), 'YYMMDD') || '-9' || last,
           district_code, street_code, community_code, cell.code, 'component', '2013', '0101',
           '井盖缺失', 'supervisor', 'REPORTED', true, :person, (SELECT id FROM nearest), :now,
           :now, :person, geom
    FROM cell, counted
    RETURNING id, number, grid_code
),
event AS (
    INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, actor_id, role, data)
    SELECT id, 1, 'report', 'START', 'REPORTED', :now, :person, 'supervisor', '{"version": 1}'
    FROM made
),
trail AS (
    INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data, hash)
    SELECT 'case', id, 1, :now, :person, 'supervisor', 'report', data,
           audit_hash(NULL, 1, :now, :person, 'supervisor', 'report', data)
    FROM (SELECT id, jsonb_build_object('number', number, 'to', 'REPORTED', 'text', '井盖缺失',
                                        'lon', CAST(:lon AS float8), 'lat', CAST(:lat AS float8),
                                        'grid_code', grid_code) AS data FROM made) said
),
told AS (
    INSERT INTO outbox (topic, subject_id, payload, created_at)
    SELECT 'case.moved', id, jsonb_build_object('number', number), :now FROM made
),
kept AS (
    INSERT INTO idempotency_key (person_id, key, request_hash, response, created_at)
    SELECT :person, :key, :request_hash, jsonb_build_object('number', number), :now FROM made
)
SELECT jsonb_build_object('number', number, 'grid_code', grid_code,
                          'component_code', (SELECT code FROM nearest)) AS response
FROM made
