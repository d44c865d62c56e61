-- What a wait is about, and until when: a session that sleeps waits as it did.
ALTER TABLE conversations ADD COLUMN status_detail TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN status_until INTEGER;

-- What happens in workspaces, in its order, each committed with the fact that it tells. A session that is deleted takes its
-- own along; `seq` is never used again.
CREATE TABLE events (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  at              INTEGER NOT NULL,
  workspace       TEXT NOT NULL,
  -- absent: of the whole workspace
  conversation_id TEXT REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  -- what the session was called then
  name            TEXT,
  event           TEXT NOT NULL,
  facts           TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
CREATE INDEX idx_events_workspace ON events (workspace, seq);
CREATE INDEX idx_events_conversation ON events (conversation_id);
CREATE INDEX idx_events_at ON events (at);
