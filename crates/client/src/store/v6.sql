-- By which rooms the event of a row came, or can have come. Few sets of rooms serve all rows, so that a list by room goes
-- through a part of an index for each set that has the room; 0 is none of them: nothing is known of rows of before.
CREATE TABLE room_set (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- Each between two line feeds, which no name has.
    rooms      TEXT    NOT NULL,
    UNIQUE (account_id, rooms)
) STRICT;
ALTER TABLE event ADD COLUMN room_set INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_rooms ON event (account_id, room_set, id, read) WHERE cleared_ms IS NULL;
CREATE INDEX event_done_rooms ON event (account_id, room_set, id, read) WHERE cleared_ms IS NOT NULL;
