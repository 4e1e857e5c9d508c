-- An agent's idempotency key is its own text and could hold a credential: only its hash is kept.
UPDATE "idempotency_keys" SET "key" = encode(sha256(convert_to("key", 'UTF8')), 'hex') WHERE "actor" LIKE 'agent:%';
