-- purpose  Rows of a list of cases; source, condition and order are put in by gis.cases.lists.
-- params   scope text[]; department_id, person_id bigint or null; most int; those of the condition
-- columns  id, number, state, open, version, kind, edition, class_code, class_zh, class_en, source,
--          excerpt (first 200 characters of the description), grid_code, community_zh, community_en,
--          street_zh, street_en, department_zh, department_en, supervisor, handler, reported_at,
--          filed_at, dispatched_at, due_at, due_provisional, clock_left, handled_at, closed_at,
--          changed_at, rework_count, bounce_count, lon, lat, photo (sha256 of the newest, or null)
-- index    cases_queue_idx, cases_department_open_idx, cases_supervisor_open_idx, cases_reporter_idx,
--          cases_grid_reported_idx: which one depends on the condition
-- cost     1 to 3 ms for the first 50 of 20,000 open cases among 200,000; names are looked up after
--          the cut, one by one: planning six outer joins took 2.5 ms, more than the rows themselves
WITH page AS MATERIALIZED (
    SELECT c.id
    FROM {source}
    WHERE {where}
    ORDER BY {order}
    LIMIT :most
)
SELECT c.id, c.number, c.state, c.open, c.version, c.kind, c.edition, c.class_code,
       (SELECT name_zh FROM case_class k WHERE (k.kind, k.edition, k.code) = (c.kind, c.edition, c.class_code))
           AS class_zh,
       (SELECT name_en FROM case_class k WHERE (k.kind, k.edition, k.code) = (c.kind, c.edition, c.class_code))
           AS class_en,
       c.source, left(c.description, 200) AS excerpt, c.grid_code,
       (SELECT name_zh FROM area WHERE code = c.community_code) AS community_zh,
       (SELECT name_en FROM area WHERE code = c.community_code) AS community_en,
       (SELECT name_zh FROM area WHERE code = c.street_code) AS street_zh,
       (SELECT name_en FROM area WHERE code = c.street_code) AS street_en,
       (SELECT name_zh FROM department d WHERE d.id = c.department_id) AS department_zh,
       (SELECT name_en FROM department d WHERE d.id = c.department_id) AS department_en,
       (SELECT name FROM person p WHERE p.id = c.supervisor_id) AS supervisor,
       (SELECT name FROM person p WHERE p.id = c.handler_id) AS handler,
       c.reported_at, c.filed_at, c.dispatched_at, c.due_at, c.due_provisional, c.clock_left,
       c.handled_at, c.closed_at, c.changed_at, c.rework_count, c.bounce_count,
       ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,
       (SELECT a.sha256 FROM attachment a WHERE a.case_id = c.id AND a.purpose <> 'file'
        ORDER BY a.event_seq DESC, a.position LIMIT 1) AS photo,
       CAST((SELECT value FROM setting WHERE key = 'yellow_percent') AS int) AS yellow_percent
FROM page
JOIN cases c ON c.id = page.id
ORDER BY {order}
