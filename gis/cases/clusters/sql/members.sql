-- purpose  The reports that were merged into a case, with their words and photos.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]; most int
-- columns  number text; version int; source, description text; reported_at, merged_at timestamptz;
--          class_zh, class_en text or null; photos text[] (sha256 of the reports); by_way_of text[]
--          (numbers); in_scope bool. Oldest report first.
-- index    cases_pkey, case_merge_into_idx, a_photo_once_per_step
-- cost     0.4 ms for three members
SELECT b.number, b.version, b.source, b.description, b.reported_at, m.since AS merged_at,
       k.name_zh AS class_zh, k.name_en AS class_en,
       coalesce((SELECT array_agg(a.sha256 ORDER BY a.event_seq, a.position)
                 FROM attachment a WHERE a.case_id = b.id AND a.purpose <> 'file'), '{}') AS photos,
       coalesce((SELECT array_agg(w.number ORDER BY array_position(m.path, w.id))
                 FROM cases w WHERE w.id = ANY(m.path)), '{}') AS by_way_of,
       b.grid_code ^@ ANY(CAST(:scope AS text[]))
           AND CAST(:department_id AS bigint) IS NULL AS in_scope
FROM cases c
JOIN case_merge m ON m.into_id = c.id
JOIN cases b ON b.id = m.case_id
LEFT JOIN case_class k ON k.kind = b.kind AND k.edition = b.edition AND k.code = b.class_code
WHERE c.id = :case_id
  AND {may_see(c)}
ORDER BY b.reported_at, b.id
LIMIT :most
