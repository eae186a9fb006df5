CREATE TABLE account (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One row an event, in the order of arrival. Ids are never reused: a toast or a page may still name one.
CREATE TABLE event (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    digest        TEXT    NOT NULL,
    timed         INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    raw           TEXT    NOT NULL,
    received_ms   INTEGER NOT NULL,
    emitted_ms    INTEGER,
    thread        TEXT,
    booking_id    TEXT,
    pnr           TEXT,
    flight_id     TEXT,
    flight_number TEXT,
    origin        TEXT,
    destination   TEXT,
    status        TEXT,
    amount        TEXT,
    currency      TEXT,
    urgency       TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    outcome_code  TEXT    NOT NULL,
    outcome_text  TEXT    NOT NULL,
    shown_ms      INTEGER,
    read          INTEGER NOT NULL DEFAULT 0,
    -- Cleared rows leave the inbox; they stay here, so that a repeated delivery is still known as one.
    cleared_ms    INTEGER
) STRICT;

-- The same event is stored once. Without a timestamp, equal events may be different ones.
CREATE UNIQUE INDEX event_once ON event (account_id, digest) WHERE timed = 1;
CREATE INDEX event_untimed ON event (account_id, digest, received_ms) WHERE timed = 0;
CREATE INDEX event_listed ON event (account_id, id) WHERE cleared_ms IS NULL;
CREATE INDEX event_unread ON event (account_id, id) WHERE read = 0 AND cleared_ms IS NULL;
CREATE INDEX event_booking ON event (account_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX event_flight ON event (account_id, flight_id) WHERE flight_id IS NOT NULL;

CREATE TABLE booking (
    account_id    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    id            TEXT    NOT NULL,
    pnr           TEXT,
    status        TEXT,
    flight_id     TEXT,
    flight_number TEXT,
    origin        TEXT,
    destination   TEXT,
    departure_ms  INTEGER,
    flight_status TEXT,
    amount        TEXT,
    currency      TEXT,
    passengers    INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flight (
    account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    id           TEXT    NOT NULL,
    number       TEXT,
    origin       TEXT,
    destination  TEXT,
    departure_ms INTEGER,
    status       TEXT,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
