-- Which conversations came from another program's database, so that each is imported once however often that is asked.
CREATE TABLE imports (
  -- the conversation's id at its source
  source_id       TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL UNIQUE REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  -- how many of its first messages came from there
  messages        INTEGER NOT NULL,
  imported_at     INTEGER NOT NULL
) STRICT;
