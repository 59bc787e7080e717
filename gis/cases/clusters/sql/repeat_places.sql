-- purpose  Places that come back, those with the most reports of the asked period first.
-- params   scope text[]; department_id bigint or null; area text: a prefix of grid codes, '' for
--          all; since timestamptz; least int: reports in the asked period; most int
-- columns  id bigint; grid_code, kind, class_code text; class_zh, class_en, street_zh, street_en,
--          community_zh, community_en text or null; number text (of the first case); reports,
--          in_period, still_open, rank int; first_at, last_at timestamptz; lon, lat float8
-- index    repeat_place_pkey; the table holds a few thousand rows, which are all read
-- cost     12 ms among 4,000 places
SELECT r.id, r.grid_code, r.kind, r.class_code, k.name_zh AS class_zh, k.name_en AS class_en,
       street.name_zh AS street_zh, street.name_en AS street_en,
       community.name_zh AS community_zh, community.name_en AS community_en,
       coalesce(c.number, '') AS number, r.reports, found.in_period, r.still_open, r.rank,
       r.reported[cardinality(r.reported)] AS first_at, r.last_at,
       ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat
FROM repeat_place r
CROSS JOIN LATERAL (
    SELECT count(*) AS in_period FROM unnest(r.reported) AS at WHERE at >= :since) found
LEFT JOIN cases c ON c.id = r.id
LEFT JOIN case_class k ON k.kind = r.kind AND k.edition = r.edition AND k.code = r.class_code
LEFT JOIN area street ON street.code = r.street_code
LEFT JOIN area community ON community.code = left(r.grid_code, 12)
WHERE {in_scope(r)}
  AND r.grid_code ^@ CAST(:area AS text)
  AND r.last_at >= :since
  AND found.in_period >= :least
ORDER BY found.in_period DESC, r.last_at DESC, r.id
LIMIT :most
