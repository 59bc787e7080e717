-- purpose  The history of a case, oldest first, with names and photos.
-- params   case_id bigint; scope text[]; department_id, person_id bigint or null; persons bigint[]
-- columns  seq, move, from_state, to_state, at, actor, role, department_zh, department_en, note,
--          data jsonb, photos jsonb: [{"sha256", "purpose", "media_type", "size_bytes", "width_px",
--          "height_px"} …], other files among them
-- index    one_event_per_step, a_photo_once_per_step
-- cost     0.1 ms for one step among 200,000 cases
SELECT e.seq, e.move, e.from_state, e.to_state, e.at, p.name AS actor, e.role,
       d.name_zh AS department_zh, d.name_en AS department_en, e.note, e.data,
       coalesce((SELECT jsonb_agg(jsonb_build_object('sha256', a.sha256, 'purpose', a.purpose,
                                                     'media_type', f.media_type, 'size_bytes', f.size_bytes,
                                                     'width_px', f.width_px, 'height_px', f.height_px)
                                  ORDER BY a.position)
                 FROM attachment a JOIN stored_file f ON f.sha256 = a.sha256
                 WHERE a.case_id = e.case_id AND a.event_seq = e.seq), '[]') AS photos
FROM cases c
JOIN case_event e ON e.case_id = c.id
LEFT JOIN person p ON p.id = e.actor_id
LEFT JOIN department d ON d.id = e.department_id
WHERE c.id = :case_id
  AND {may_see(c)}
ORDER BY e.seq
LIMIT 1000
