-- Stored files that are missing or altered, the oldest finding first.
-- Params: most int.
-- Columns: sha256, state, since, checked_at, media_type, size_bytes, cases (how many have it).
-- Indexes: file_check_bad_idx, stored_file_pkey, attachment_file_idx. Cost: 0.2 ms for ten.
SELECT k.sha256, k.state, k.since, k.checked_at, f.media_type, f.size_bytes,
       (SELECT count(DISTINCT a.case_id) FROM attachment a WHERE a.sha256 = k.sha256) AS cases
FROM file_check k
JOIN stored_file f ON f.sha256 = k.sha256
WHERE k.state <> 'whole'
ORDER BY k.since, k.sha256
LIMIT :most
