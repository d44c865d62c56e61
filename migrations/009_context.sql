-- What a model gets to see of a conversation. Nothing that was said is changed or deleted by it.

-- From which message on the conversation is sent; the newest one counts.
CREATE TABLE memories (
  memory_id       INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  -- the seq of the first message that is sent; it may be one that is still to come
  begins_at       INTEGER NOT NULL,
  -- of what was before, in the model's words; NULL where that is to be forgotten
  summary         TEXT,
  created_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX idx_memories_conversation ON memories (conversation_id, memory_id);

-- The files that the user added to a session's context or took out of it; the newest one that fits a file counts.
CREATE TABLE context_changes (
  change_id       INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  action          TEXT NOT NULL CHECK (action IN ('add', 'remove')),
  -- absolute
  path            TEXT NOT NULL,
  -- a pattern for what lies below path; '' where path itself is meant
  glob            TEXT NOT NULL,
  UNIQUE (conversation_id, path, glob)
) STRICT;
