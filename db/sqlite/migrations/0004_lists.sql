-- Documents are listed by rank: what waits for a decision first, the earliest due ahead, then the latest.

DROP INDEX documents_by_state;
DROP INDEX documents_by_merchant;
DROP INDEX documents_by_buyer;
DROP INDEX documents_by_order;
DROP INDEX documents_by_case;

ALTER TABLE documents RENAME COLUMN opened_at TO rank;
ALTER TABLE documents ADD COLUMN owner TEXT;
ALTER TABLE documents ADD COLUMN topic TEXT;

UPDATE documents SET rank = CASE
    WHEN kind = 2 AND state = 'PENDING_REVIEW' THEN rank + 86400000 - 9007199254740992
    WHEN kind = 3 AND state = 'PROPOSED' OR kind = 4 AND state = 'OPEN' THEN rank - 9007199254740992
    ELSE -rank END;
UPDATE documents SET owner = body ->> 'proposedBy', topic = body ->> 'kind' WHERE kind = 3;
UPDATE documents SET owner = body ->> 'owner', topic = body ->> 'page',
    state = CASE WHEN body ->> 'shared' THEN 'SHARED' ELSE 'PRIVATE' END WHERE kind = 7 AND state = 'SAVED';

CREATE INDEX documents_by_rank ON documents (kind, rank, id);
CREATE INDEX documents_by_state ON documents (kind, state, rank, id);
CREATE INDEX documents_by_merchant ON documents (kind, merchant_id, rank, id) WHERE merchant_id IS NOT NULL;
CREATE INDEX documents_by_merchant_state ON documents (kind, merchant_id, state, rank, id) WHERE merchant_id IS NOT NULL;
CREATE INDEX documents_by_buyer ON documents (kind, buyer_id, rank, id) WHERE buyer_id IS NOT NULL;
CREATE INDEX documents_by_order ON documents (kind, order_no, rank, id) WHERE order_no IS NOT NULL;
CREATE INDEX documents_by_case ON documents (kind, case_id, rank, id) WHERE case_id IS NOT NULL;
CREATE INDEX documents_by_owner ON documents (kind, owner, rank, id) WHERE owner IS NOT NULL;
CREATE INDEX documents_by_topic ON documents (kind, topic, rank, id) WHERE topic IS NOT NULL;
CREATE INDEX documents_by_topic_state ON documents (kind, topic, state, rank, id) WHERE topic IS NOT NULL;
