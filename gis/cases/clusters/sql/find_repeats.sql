-- purpose  Compare the table of repeat places with the reports of the period, and bring it up to date.
-- params   since timestamptz; radius_m float8; least, many int
-- columns  found, changed, gone int: places now, rows written, rows removed
-- note     Reports of one class whose points lie within the radius of each other are one place; a
--          place does not reach across a street, so that nobody's counts hold another street's
--          reports. Refused, cancelled and unfiled reports do not count, merged ones do: people
--          reported them. Its row keeps the id of its first report; rows that stay the same are not
--          touched.
-- index    cases_reported_idx (BRIN), repeat_place_pkey
-- cost     3.1 s of CPU for 410,000 reports of 90 days among 5,000,000 cases
WITH report AS MATERIALIZED (
    SELECT id, street_code, grid_code, kind, edition, class_code, department_id, state, open, reported_at,
           geom, geom_work,
           ST_ClusterDBSCAN(geom_work, CAST(:radius_m AS float8), CAST(:least AS int))
               OVER (PARTITION BY street_code, kind, edition, class_code) AS place
    FROM cases
    WHERE reported_at >= :since AND state NOT IN ('NOT_ACCEPTED', 'NOT_FILED', 'CANCELLED')
),
place AS (
    SELECT min(id) AS id, street_code, kind, edition, class_code,
           CASE WHEN count(DISTINCT department_id) = 1
                     AND bool_and(department_id IS NOT NULL OR state = 'MERGED')
                THEN min(department_id) END AS department_id,
           count(*) AS reports, count(*) FILTER (WHERE open) AS still_open,
           CASE WHEN count(*) >= :many THEN 2 ELSE 1 END AS rank,
           array_agg(reported_at ORDER BY reported_at DESC) AS reported,
           max(reported_at) AS last_at, ST_Centroid(ST_Collect(geom)) AS middle,
           array_agg(id) AS members, place
    FROM report
    WHERE place IS NOT NULL
    GROUP BY street_code, kind, edition, class_code, place
    HAVING count(*) >= :least
),
wanted AS MATERIALIZED (
    SELECT p.id, p.street_code, at.grid_code, p.kind, p.edition, p.class_code, p.department_id,
           p.reports, p.still_open, p.rank, p.reported, p.last_at, at.geom
    FROM place p
    CROSS JOIN LATERAL (
        SELECT c.grid_code, c.geom FROM cases c WHERE c.id = ANY(p.members)
        ORDER BY c.geom <-> p.middle, c.id LIMIT 1) at
),
gone AS (
    DELETE FROM repeat_place r
    WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.id = r.id)
    RETURNING r.id
),
written AS (
    INSERT INTO repeat_place AS r (id, street_code, grid_code, kind, edition, class_code,
                                   department_id, reports, still_open, rank, reported, last_at, geom)
    SELECT id, street_code, grid_code, kind, edition, class_code, department_id, reports, still_open,
           rank, reported, last_at, geom
    FROM wanted
    ON CONFLICT (id) DO UPDATE SET
        grid_code = excluded.grid_code, department_id = excluded.department_id,
        reports = excluded.reports, still_open = excluded.still_open, rank = excluded.rank,
        reported = excluded.reported, last_at = excluded.last_at, geom = excluded.geom
    WHERE (r.grid_code, r.department_id, r.reports, r.still_open, r.rank, r.reported)
          IS DISTINCT FROM (excluded.grid_code, excluded.department_id, excluded.reports,
                            excluded.still_open, excluded.rank, excluded.reported)
    RETURNING r.id
)
SELECT (SELECT count(*) FROM wanted) AS found, (SELECT count(*) FROM written) AS changed,
       (SELECT count(*) FROM gone) AS gone
