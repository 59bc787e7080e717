-- One attachment, if this person may read it: sent it, or may see a case that has it. A merged
-- case's photos belong to the case that stands for it too.
-- Params: sha256 text; person_id bigint or null; persons bigint[]; scope text[] of grid code prefixes;
--         department_id bigint or null (null does not narrow).
-- Columns: sha256, media_type, size_bytes, width_px, height_px. None or one row.
-- Indexes: stored_file_pkey, file_upload_pkey, attachment_file_idx, case_task_photo_file_idx, cases_pkey.
-- Cost: 3 ms where one photo hangs on 400 cases (the drawn photos of the demo).
SELECT f.sha256, f.media_type, f.size_bytes, f.width_px, f.height_px
FROM stored_file f
WHERE f.sha256 = :sha256
  AND (EXISTS (SELECT 1 FROM file_upload u
               WHERE u.sha256 = f.sha256 AND u.person_id = CAST(:person_id AS bigint))
       OR EXISTS (SELECT 1 FROM attachment a
                  JOIN cases c ON c.id = ANY (ARRAY[a.case_id, (SELECT m.into_id FROM case_merge m
                                                                WHERE m.case_id = a.case_id)])
                  WHERE a.sha256 = f.sha256
                    AND {may_see(c)})
       OR EXISTS (SELECT 1 FROM case_task_photo s JOIN case_task t ON t.id = s.task_id
                  JOIN cases c ON c.id = t.case_id
                  WHERE s.sha256 = f.sha256
                    AND {may_see(c)}))
LIMIT 1
