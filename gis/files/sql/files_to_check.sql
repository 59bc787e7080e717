-- The next stored files whose bytes are compared with their names: those never looked at, then those
-- looked at longest ago.
-- Params: before timestamptz (looked at since: not again); most int.
-- Columns: sha256.
-- Indexes: stored_file_pkey, file_check_pkey, file_check_oldest_idx.
-- Cost: 2 ms for 200 of 20,000 files.
(SELECT f.sha256
 FROM stored_file f
 WHERE NOT EXISTS (SELECT FROM file_check k WHERE k.sha256 = f.sha256)
 ORDER BY f.sha256
 LIMIT :most)
UNION ALL
(SELECT k.sha256
 FROM file_check k
 WHERE k.checked_at < CAST(:before AS timestamptz)
 ORDER BY k.checked_at
 LIMIT :most)
LIMIT :most
