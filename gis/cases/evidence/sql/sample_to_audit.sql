-- purpose  Self-handled cases that were drawn and that nobody has audited yet.
-- params   scope text[]; department_id bigint or null; percent int; starts timestamptz; most int
-- columns  number, reporter, reported_at, class_zh, class_en, grid_code, photos int
-- order    the oldest first
-- index    cases_self_handled_idx, one_event_per_step, a_photo_once_per_step
-- cost     5 ms in the pilot district with 2,000 cases
SELECT c.number, p.name AS reporter, c.reported_at, k.name_zh AS class_zh, k.name_en AS class_en,
       c.grid_code,
       (SELECT count(*) FROM attachment a WHERE a.case_id = c.id AND a.purpose <> 'file') AS photos
FROM cases c
LEFT JOIN person p ON p.id = c.reporter_id
LEFT JOIN case_class k ON k.kind = c.kind AND k.edition = c.edition AND k.code = c.class_code
WHERE {waits_for_audit(c)}
  AND {in_scope(c)}
ORDER BY c.reported_at, c.id
LIMIT :most
