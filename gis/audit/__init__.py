"""The append-only trail with a hash chain per subject, the outbox, idempotency keys."""
