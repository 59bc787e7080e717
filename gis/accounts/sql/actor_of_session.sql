-- purpose  the person behind a live session, with the posts that count today
-- params   token_hash bytea; now timestamptz; zone text and idle_minutes float: the product's
--          defaults, used where the district has not set its own
-- columns  person_id, name, login, department_id, locale, demo, created_at, last_seen_at,
--          posts (array of {role, area_code} as jsonb, [] when there is none), stands_for bigint[]
-- index    web_session_pkey, person_pkey, one_post_per_role_and_area (person_id first),
--          substitute_substitute_idx
-- cost     0.2 ms with 2,000 persons (one row through three indexes)
WITH own AS (
    SELECT coalesce((SELECT value #>> '{}' FROM setting WHERE key = 'time_zone'), :zone) AS zone,
           coalesce((SELECT CAST(value AS float8) FROM setting WHERE key = 'session_idle_minutes'),
                    :idle_minutes) * interval '1 minute' AS idle),
today AS (
    SELECT CAST(CAST(:now AS timestamptz) AT TIME ZONE own.zone AS date) AS day FROM own)
SELECT p.id AS person_id, p.name, CAST(p.login AS text) AS login, p.department_id, p.locale,
       p.demo, s.created_at, s.last_seen_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object('role', o.role, 'area_code', o.area_code))
                 FROM post o, today
                 WHERE o.person_id = p.id AND o.valid_from <= today.day
                   AND (o.valid_to IS NULL OR o.valid_to > today.day)),
                '[]') AS posts,
       ARRAY(SELECT b.person_id FROM substitute b, today
             WHERE b.substitute_id = p.id AND b.ended_at IS NULL
               AND today.day BETWEEN b.first_day AND b.last_day) AS stands_for
FROM web_session s
JOIN person p ON p.id = s.person_id
CROSS JOIN own
WHERE s.token_hash = :token_hash
  AND s.revoked_at IS NULL
  AND s.expires_at > :now
  AND s.last_seen_at > CAST(:now AS timestamptz) - own.idle
  AND p.active
