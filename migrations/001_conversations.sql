-- What was said. A message's content is a JSON array of blocks (text, tool_use, tool_result).
CREATE TABLE conversations (
  conversation_id TEXT PRIMARY KEY,
  cwd             TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  seq             INTEGER NOT NULL,
  role            TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  content         TEXT NOT NULL CHECK (json_valid(content)),
  -- 1 until the whole message is there: an answer that was cut off stays partial.
  partial         INTEGER NOT NULL DEFAULT 0 CHECK (partial IN (0, 1)),
  created_at      INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
