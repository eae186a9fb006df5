-- The inbox by booking and flight: what is counted of each, without a look at its rows.
CREATE INDEX event_grouped ON event (account_id, thread, id, read) WHERE cleared_ms IS NULL;
