-- Cleared rows are what the person is done with: a place of its own. Each place is listed as a whole, by booking and
-- flight, and by kind, flight number and rule, the newest first; what is read is counted without a look at the rows.
CREATE INDEX event_done ON event (account_id, id) WHERE cleared_ms IS NOT NULL;
CREATE INDEX event_done_grouped ON event (account_id, thread, id, read) WHERE cleared_ms IS NOT NULL;
CREATE INDEX event_kind ON event (account_id, kind, id, read, received_ms) WHERE cleared_ms IS NULL;
CREATE INDEX event_done_kind ON event (account_id, kind, id, read, received_ms) WHERE cleared_ms IS NOT NULL;
CREATE INDEX event_number ON event (account_id, flight_number COLLATE NOCASE, id)
    WHERE flight_number IS NOT NULL AND cleared_ms IS NULL;
CREATE INDEX event_done_number ON event (account_id, flight_number COLLATE NOCASE, id)
    WHERE flight_number IS NOT NULL AND cleared_ms IS NOT NULL;
CREATE INDEX event_rule ON event (account_id, outcome_rule, id, read, received_ms)
    WHERE outcome_rule IS NOT NULL AND cleared_ms IS NULL;
CREATE INDEX event_done_rule ON event (account_id, outcome_rule, id, read, received_ms)
    WHERE outcome_rule IS NOT NULL AND cleared_ms IS NOT NULL;

-- What the last change of a flight affected, and when we heard of it.
ALTER TABLE flight ADD COLUMN affected INTEGER;
ALTER TABLE flight ADD COLUMN changed_ms INTEGER;
CREATE INDEX flight_changed ON flight (account_id, changed_ms) WHERE changed_ms IS NOT NULL;

-- The full-text index learns what a search may be narrowed down to; only its first six columns are shown and searched.
-- It is made from the newest rows to the oldest, a few at a time: those below `below` are not in it yet.
DROP TRIGGER text_insert;
DROP TRIGGER text_delete;
DROP TRIGGER text_update;
DROP TABLE event_text;
CREATE VIRTUAL TABLE event_text USING fts5 (
    pnr, flight_number, origin, destination, title, body, kind, outcome_rule,
    content = 'event', content_rowid = 'id', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE text_state (below INTEGER NOT NULL) STRICT;
INSERT INTO text_state (below) SELECT coalesce(max(id) + 1, 0) FROM event;
CREATE TRIGGER text_insert AFTER INSERT ON event BEGIN
    INSERT INTO event_text (rowid, pnr, flight_number, origin, destination, title, body, kind, outcome_rule)
    VALUES (NEW.id, NEW.pnr, NEW.flight_number, NEW.origin, NEW.destination, NEW.title, NEW.body, NEW.kind,
        NEW.outcome_rule);
END;
CREATE TRIGGER text_delete AFTER DELETE ON event WHEN OLD.id >= (SELECT below FROM text_state) BEGIN
    INSERT INTO event_text (event_text, rowid, pnr, flight_number, origin, destination, title, body, kind, outcome_rule)
    VALUES ('delete', OLD.id, OLD.pnr, OLD.flight_number, OLD.origin, OLD.destination, OLD.title, OLD.body, OLD.kind,
        OLD.outcome_rule);
END;
CREATE TRIGGER text_update AFTER UPDATE OF pnr, flight_number, origin, destination, title, body, outcome_rule ON event
WHEN OLD.id >= (SELECT below FROM text_state)
    AND (OLD.pnr, OLD.flight_number, OLD.origin, OLD.destination, OLD.title, OLD.body, OLD.outcome_rule)
        IS NOT (NEW.pnr, NEW.flight_number, NEW.origin, NEW.destination, NEW.title, NEW.body, NEW.outcome_rule)
BEGIN
    INSERT INTO event_text (event_text, rowid, pnr, flight_number, origin, destination, title, body, kind, outcome_rule)
    VALUES ('delete', OLD.id, OLD.pnr, OLD.flight_number, OLD.origin, OLD.destination, OLD.title, OLD.body, OLD.kind,
        OLD.outcome_rule);
    INSERT INTO event_text (rowid, pnr, flight_number, origin, destination, title, body, kind, outcome_rule)
    VALUES (NEW.id, NEW.pnr, NEW.flight_number, NEW.origin, NEW.destination, NEW.title, NEW.body, NEW.kind,
        NEW.outcome_rule);
END;
