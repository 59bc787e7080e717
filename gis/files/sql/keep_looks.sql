-- Keeps what was found about some files; a file that was removed meanwhile is left out.
-- Params: sha256s, states text[] (same length); now timestamptz.
-- Indexes: stored_file_pkey, file_check_pkey. Cost: 3 ms for 200 files.
INSERT INTO file_check AS k (sha256, checked_at, state, since)
SELECT f.sha256, :now, seen.state, :now
FROM unnest(CAST(:sha256s AS text[]), CAST(:states AS text[])) AS seen (sha256, state)
JOIN stored_file f ON f.sha256 = seen.sha256
ON CONFLICT (sha256) DO UPDATE
SET checked_at = excluded.checked_at, state = excluded.state,
    since = CASE WHEN k.state = excluded.state THEN k.since ELSE excluded.since END
