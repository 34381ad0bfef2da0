-- What the platform's half needs: claims and undo of cases, the log's chain, documents, pairs of shops.

ALTER TABLE cases ADD COLUMN claim_changes INTEGER NOT NULL DEFAULT 0; -- of the claim alone: revision less version
ALTER TABLE cases ADD COLUMN reviewed_votes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN claimed_by TEXT;
ALTER TABLE cases ADD COLUMN claim_token TEXT;
ALTER TABLE cases ADD COLUMN claimed_until INTEGER;
ALTER TABLE cases ADD COLUMN undo TEXT; -- JSON

CREATE INDEX cases_by_claim ON cases (claimed_until, claimed_by, id) WHERE claimed_until IS NOT NULL;

-- Cases in the queue wake for the first warning, 12 hours before they are due.
UPDATE cases SET wake_at = min(due_at - 43200000, ifnull(next_expiry_at, due_at)) WHERE due_at IS NOT NULL;

-- Each entry's hash is over its content and the hash of the one before. What was appended under the schema before gets
-- its hash at start, a piece at a time.
ALTER TABLE log ADD COLUMN hash BLOB;

-- How many entries of an action have a time. Entries are counted when they get their hash.
CREATE TABLE action_times (
    action_no INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    entries   INTEGER NOT NULL,
    PRIMARY KEY (action_no, at)
) WITHOUT ROWID;

CREATE TABLE documents (
    no          INTEGER PRIMARY KEY,
    kind        INTEGER NOT NULL,
    id          TEXT NOT NULL,
    version     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    merchant_id TEXT,
    buyer_id    TEXT,
    order_no    TEXT,
    case_id     TEXT,
    unique_key  TEXT,
    opened_at   INTEGER NOT NULL,
    wake_at     INTEGER,
    body        TEXT NOT NULL -- JSON
);

CREATE UNIQUE INDEX documents_by_id ON documents (kind, id);
CREATE UNIQUE INDEX documents_by_unique ON documents (kind, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX documents_by_state ON documents (kind, state, opened_at, id);
CREATE INDEX documents_by_merchant ON documents (kind, merchant_id, state, opened_at, id) WHERE merchant_id IS NOT NULL;
CREATE INDEX documents_by_buyer ON documents (kind, buyer_id, state, opened_at, id) WHERE buyer_id IS NOT NULL;
CREATE INDEX documents_by_order ON documents (kind, order_no, state, opened_at, id) WHERE order_no IS NOT NULL;
CREATE INDEX documents_by_case ON documents (kind, case_id, state, opened_at, id) WHERE case_id IS NOT NULL;
CREATE INDEX documents_by_wake ON documents (kind, wake_at, id) WHERE wake_at IS NOT NULL;

