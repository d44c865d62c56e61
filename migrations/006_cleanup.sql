-- Cleaning up takes only what the user closed. A conversation that was there before there were sessions, or that was
-- imported, is Completed too, and stays.
ALTER TABLE conversations ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
UPDATE conversations SET closed = 1 WHERE session_status = 'Completed' AND workspace IS NOT NULL;

-- What is done now and then, and when it was done last (ms since the epoch).
CREATE TABLE chores (
  name    TEXT PRIMARY KEY,
  done_at INTEGER NOT NULL
) STRICT;
