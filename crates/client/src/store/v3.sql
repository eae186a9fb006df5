-- Why an event came to its outcome, as data; the sentence is made when it is read. Rows of before keep theirs.
ALTER TABLE event ADD COLUMN outcome_reason TEXT;
ALTER TABLE event ADD COLUMN outcome_rule TEXT;
-- The row whose toast took this one in.
ALTER TABLE event ADD COLUMN merged_into INTEGER;
-- How often the same event came again: each of those ended here.
ALTER TABLE event ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_thread ON event (account_id, thread, id) WHERE thread IS NOT NULL;

-- In which language the account's rows speak, all of them.
ALTER TABLE account ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

-- What the person wants of a booking or a flight.
CREATE TABLE thread (
    account_id       INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    thread           TEXT    NOT NULL,
    muted            INTEGER NOT NULL DEFAULT 0,
    snoozed_until_ms INTEGER,
    PRIMARY KEY (account_id, thread)
) STRICT, WITHOUT ROWID;
