-- A queued prompt is looked at first and taken by its id: an id that was given once is not given again.
CREATE TABLE prompts_kept (
  prompt_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  content         TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;
INSERT INTO prompts_kept (prompt_id, conversation_id, content, created_at)
  SELECT prompt_id, conversation_id, content, created_at FROM prompts;
DROP TABLE prompts;
ALTER TABLE prompts_kept RENAME TO prompts;
CREATE INDEX idx_prompts_conversation ON prompts (conversation_id);
