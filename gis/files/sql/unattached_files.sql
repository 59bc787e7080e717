-- Stored files that nothing refers to and that nobody has sent lately.
-- Params: before timestamptz; sha256 text or null (only this one); most int.
-- Columns: sha256.
-- Indexes: stored_file_uploaded_idx, file_upload_pkey, attachment_file_idx, case_task_photo_file_idx,
--          evidence_finding_file_idx.
-- Cost: 20 ms among 20,000 files.
SELECT f.sha256
FROM stored_file f
WHERE f.uploaded_at < CAST(:before AS timestamptz)
  AND (CAST(:sha256 AS text) IS NULL OR f.sha256 = :sha256)
  AND NOT EXISTS (SELECT FROM file_upload u WHERE u.sha256 = f.sha256 AND u.uploaded_at >= :before)
  AND NOT EXISTS (SELECT FROM attachment a WHERE a.sha256 = f.sha256)
  AND NOT EXISTS (SELECT FROM case_task_photo t WHERE t.sha256 = f.sha256)
  AND NOT EXISTS (SELECT FROM evidence_finding e WHERE e.sha256 = f.sha256)
ORDER BY f.uploaded_at
LIMIT :most
