-- Times are milliseconds since 1970, NULL for none. Enumerations are the numbers of codes.go. Names that repeat
-- (shops, entities, actors, actions) are numbers of "words".

CREATE TABLE words (
    no   INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
);

CREATE TABLE scenarios (
    no   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
);

CREATE TABLE merchants (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    entity_id  TEXT NOT NULL,
    permission INTEGER NOT NULL,
    created_at INTEGER,
    recount    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX merchants_to_recount ON merchants (id) WHERE recount = 1;

CREATE TABLE merchant_counts (
    merchant_no INTEGER PRIMARY KEY,
    tags        INTEGER NOT NULL,
    succeeded   INTEGER NOT NULL,
    overturned  INTEGER NOT NULL
);

CREATE TABLE orders (
    order_no        TEXT PRIMARY KEY,
    merchant_no     INTEGER NOT NULL,
    buyer_id        TEXT NOT NULL,
    placed_at       INTEGER,
    amount_cents    INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    freight_insured INTEGER NOT NULL,
    report_outcome  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX orders_by_buyer ON orders (buyer_id, placed_at, merchant_no);

CREATE TABLE risks (
    buyer_id   TEXT PRIMARY KEY,
    score      INTEGER NOT NULL,
    signals    TEXT NOT NULL, -- JSON
    updated_at INTEGER,
    evaluate   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX risks_to_evaluate ON risks (buyer_id) WHERE evaluate = 1;

CREATE TABLE policies (
    version  INTEGER PRIMARY KEY,
    document TEXT NOT NULL -- JSON
);

CREATE TABLE batches (
    no           INTEGER PRIMARY KEY,
    merchant_no  INTEGER NOT NULL,
    key          TEXT NOT NULL,
    id           TEXT NOT NULL,
    input_hash   TEXT NOT NULL,
    scenario     TEXT NOT NULL,
    submitted_at INTEGER,
    results      TEXT NOT NULL -- JSON
);

CREATE UNIQUE INDEX batches_by_key ON batches (merchant_no, key);

-- A lane stands for all that a list of cases is filtered by: scenario, handling, state, risk level, class of votes.
CREATE TABLE cases (
    no             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL,
    lane           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    opened_at      INTEGER NOT NULL,
    evaluated_at   INTEGER,
    due_at         INTEGER, -- only of cases in the queue
    rank           INTEGER, -- only of cases in the queue; the others rank by opened_at
    next_expiry_at INTEGER,
    wake_at        INTEGER,
    live_since     INTEGER, -- when the earliest live tag was submitted
    votes          INTEGER NOT NULL,
    threshold      INTEGER NOT NULL,
    policy_version INTEGER NOT NULL,
    holds          TEXT,    -- JSON
    decision       TEXT,    -- JSON
    entries        BLOB NOT NULL -- the latest log entries about the case; older ones are in log_terms
);

CREATE UNIQUE INDEX cases_by_id ON cases (id);
CREATE INDEX cases_by_lane ON cases (lane, opened_at, id);
CREATE INDEX cases_by_rank ON cases (lane, rank, id) WHERE rank IS NOT NULL;
CREATE INDEX cases_by_due ON cases (lane, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX cases_by_wake ON cases (wake_at) WHERE wake_at IS NOT NULL;

-- A lane stands for scenario, status, and whether the status changed after the submission.
CREATE TABLE tags (
    order_no     TEXT PRIMARY KEY,
    case_no      INTEGER NOT NULL,
    merchant_no  INTEGER NOT NULL,
    entity_no    INTEGER NOT NULL,
    lane         INTEGER NOT NULL,
    live         INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    changed_at   INTEGER, -- when the status changed, unless that was at the submission
    handle_by    INTEGER,
    handled_at   INTEGER,
    version      INTEGER NOT NULL,
    batch_id     TEXT NOT NULL,
    note         TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX tags_by_case ON tags (case_no, submitted_at, order_no);
CREATE INDEX tags_by_lane ON tags (lane, submitted_at, order_no);
CREATE INDEX tags_by_merchant ON tags (merchant_no, lane, submitted_at, order_no);
CREATE INDEX tags_by_lane_changed ON tags (lane, changed_at, order_no, submitted_at) WHERE changed_at IS NOT NULL;
CREATE INDEX tags_by_merchant_changed ON tags (merchant_no, lane, changed_at, order_no, submitted_at)
    WHERE changed_at IS NOT NULL;

CREATE TABLE log (
    seq       INTEGER PRIMARY KEY,
    at        INTEGER,
    actor_no  INTEGER NOT NULL,
    action_no INTEGER NOT NULL,
    subjects  BLOB NOT NULL,
    reason    TEXT NOT NULL,
    before    TEXT, -- JSON
    after     TEXT  -- JSON
);

-- Which entries have a term (an action, an actor, a subject), many in a row. A term is a 64-bit hash of its text; an
-- entry that is found is compared with what was looked for.
CREATE TABLE log_terms (
    term      INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    seqs      BLOB NOT NULL,
    PRIMARY KEY (term, first_seq)
) WITHOUT ROWID;
