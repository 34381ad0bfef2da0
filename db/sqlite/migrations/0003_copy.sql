-- How far a copy into this database is; no row once it has ended, or where none was.
CREATE TABLE copy_state (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    state TEXT NOT NULL -- JSON
);
