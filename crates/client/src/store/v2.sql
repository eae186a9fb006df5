-- Where each account stands with its server.
CREATE TABLE sync (
    account_id   INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- The place in the server's log up to which everything is here. Opaque.
    cursor       TEXT,
    -- The last sign of life.
    contact_ms   INTEGER,
    -- The server's states were compared up to this moment of its own clock.
    watermark_ms INTEGER
) STRICT;

-- A time without a link in which something was missed.
CREATE TABLE gap (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    from_ms       INTEGER,
    to_ms         INTEGER NOT NULL,
    late          INTEGER NOT NULL,
    reconstructed INTEGER NOT NULL DEFAULT 0,
    incomplete    INTEGER NOT NULL DEFAULT 0,
    -- Set when everything that was missed is here.
    verified_ms   INTEGER,
    -- Set when the person has looked.
    seen_ms       INTEGER
) STRICT;
CREATE INDEX gap_open ON gap (account_id, id) WHERE seen_ms IS NULL;

ALTER TABLE event ADD COLUMN gap_id INTEGER;
-- Made from a comparison of states; the event itself was never received.
ALTER TABLE event ADD COLUMN reconstructed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_gap ON event (gap_id) WHERE gap_id IS NOT NULL;
-- A toast was decided and has not been shown.
CREATE INDEX event_unshown ON event (account_id, id) WHERE shown_ms IS NULL AND outcome_code IN ('popped', 'merged');

ALTER TABLE booking ADD COLUMN status_ms INTEGER;
ALTER TABLE flight ADD COLUMN status_ms INTEGER;

-- How many rows there are, so that nobody has to count a million of them. Kept by the triggers below and by nothing else.
CREATE TABLE tally (
    account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    unread     INTEGER NOT NULL DEFAULT 0,
    total      INTEGER NOT NULL DEFAULT 0,
    -- Cleared rows included.
    stored     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO tally (account_id, unread, total, stored)
    SELECT account.id,
           (SELECT COUNT(*) FROM event WHERE account_id = account.id AND cleared_ms IS NULL AND read = 0),
           (SELECT COUNT(*) FROM event WHERE account_id = account.id AND cleared_ms IS NULL),
           (SELECT COUNT(*) FROM event WHERE account_id = account.id)
    FROM account;
CREATE TRIGGER tally_account AFTER INSERT ON account BEGIN
    INSERT INTO tally (account_id) VALUES (NEW.id);
END;
CREATE TRIGGER tally_insert AFTER INSERT ON event BEGIN
    UPDATE tally
    SET stored = stored + 1, total = total + (NEW.cleared_ms IS NULL),
        unread = unread + (NEW.cleared_ms IS NULL AND NEW.read = 0)
    WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER tally_delete AFTER DELETE ON event BEGIN
    UPDATE tally
    SET stored = stored - 1, total = total - (OLD.cleared_ms IS NULL),
        unread = unread - (OLD.cleared_ms IS NULL AND OLD.read = 0)
    WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER tally_update AFTER UPDATE OF read, cleared_ms ON event BEGIN
    UPDATE tally
    SET total = total + (NEW.cleared_ms IS NULL) - (OLD.cleared_ms IS NULL),
        unread = unread + (NEW.cleared_ms IS NULL AND NEW.read = 0) - (OLD.cleared_ms IS NULL AND OLD.read = 0)
    WHERE account_id = NEW.account_id;
END;

-- Everything that is shown of a row, to be searched as one types.
CREATE VIRTUAL TABLE event_text USING fts5 (
    pnr, flight_number, origin, destination, title, body,
    content = 'event', content_rowid = 'id', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO event_text (event_text) VALUES ('rebuild');
CREATE TRIGGER text_insert AFTER INSERT ON event BEGIN
    INSERT INTO event_text (rowid, pnr, flight_number, origin, destination, title, body)
    VALUES (NEW.id, NEW.pnr, NEW.flight_number, NEW.origin, NEW.destination, NEW.title, NEW.body);
END;
CREATE TRIGGER text_delete AFTER DELETE ON event BEGIN
    INSERT INTO event_text (event_text, rowid, pnr, flight_number, origin, destination, title, body)
    VALUES ('delete', OLD.id, OLD.pnr, OLD.flight_number, OLD.origin, OLD.destination, OLD.title, OLD.body);
END;
CREATE TRIGGER text_update AFTER UPDATE OF pnr, flight_number, origin, destination, title, body ON event BEGIN
    INSERT INTO event_text (event_text, rowid, pnr, flight_number, origin, destination, title, body)
    VALUES ('delete', OLD.id, OLD.pnr, OLD.flight_number, OLD.origin, OLD.destination, OLD.title, OLD.body);
    INSERT INTO event_text (rowid, pnr, flight_number, origin, destination, title, body)
    VALUES (NEW.id, NEW.pnr, NEW.flight_number, NEW.origin, NEW.destination, NEW.title, NEW.body);
END;
