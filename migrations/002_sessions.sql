-- Session metadata, onto a conversations table that already holds conversations: each becomes a closed session of no
-- workspace, found by `q mux list --all` and `q chat --resume`.
ALTER TABLE conversations ADD COLUMN session_name TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN session_type TEXT NOT NULL DEFAULT 'Development'
  CHECK (session_type IN ('Debug', 'Planning', 'Development', 'CodeReview'));
ALTER TABLE conversations ADD COLUMN session_status TEXT NOT NULL DEFAULT 'Completed'
  CHECK (session_status IN ('Active', 'WaitingForInput', 'Processing', 'Paused', 'Completed'));
ALTER TABLE conversations ADD COLUMN last_active INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN name_source TEXT NOT NULL DEFAULT 'auto' CHECK (name_source IN ('auto', 'user'));
ALTER TABLE conversations ADD COLUMN waiting_for TEXT CHECK (waiting_for IN ('input', 'approval', 'error'));
-- ms since the epoch of the last change of session_status
ALTER TABLE conversations ADD COLUMN status_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN workspace TEXT;
-- order among the workspace's windows
ALTER TABLE conversations ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
-- the process that has the conversation open: pid and the kernel's start time, so that a reused pid is not mistaken
ALTER TABLE conversations ADD COLUMN owner_pid INTEGER;
ALTER TABLE conversations ADD COLUMN owner_start TEXT;

UPDATE conversations SET
  session_name = 'chat-' || substr(conversation_id, 1, 8),
  last_active = coalesce((SELECT max(m.created_at) FROM messages m WHERE m.conversation_id = conversations.conversation_id), created_at),
  status_since = created_at;

CREATE INDEX idx_conversations_session_status ON conversations (session_status);
-- No two open sessions of a workspace share a name.
CREATE UNIQUE INDEX idx_conversations_open_name ON conversations (workspace, session_name)
  WHERE workspace IS NOT NULL AND session_status <> 'Completed';
