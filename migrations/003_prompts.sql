-- Prompts given to a session from elsewhere (`q mux send`), until its worker takes them.
CREATE TABLE prompts (
  prompt_id       INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  content         TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX idx_prompts_conversation ON prompts (conversation_id);
