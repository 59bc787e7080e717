-- purpose  The first step of a case with its photos.
-- params   case_id bigint
-- columns  reported_at; written_at text or null: by the phone's clock; actor_id bigint or null; role;
--          photos text[] (empty: it came without)
-- index    cases_pkey, one_event_per_step, a_photo_once_per_step
-- cost     0.1 ms
SELECT c.reported_at, e.data ->> 'written_at' AS written_at, e.actor_id, e.role,
       ARRAY(SELECT a.sha256 FROM attachment a
             WHERE a.case_id = c.id AND a.event_seq = 1 AND a.purpose <> 'file'
             ORDER BY a.position) AS photos
FROM cases c
JOIN case_event e ON e.case_id = c.id AND e.seq = 1
WHERE c.id = :case_id
