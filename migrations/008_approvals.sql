-- What a session's worker asks leave for this moment, as it is shown, and the verdict that came from elsewhere. A row
-- lives as long as its question does; its id is never used again, so that a verdict counts for that one question.
CREATE TABLE approvals (
  approval_id     INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id TEXT NOT NULL REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  tool_use_id     TEXT NOT NULL,
  tool            TEXT NOT NULL,
  -- JSON: the lines, revealed, each with its kind
  shown           TEXT NOT NULL,
  -- what `t` would trust
  trust           TEXT NOT NULL,
  asked_at        INTEGER NOT NULL,
  verdict         TEXT CHECK (verdict IN ('approve', 'trust', 'decline')),
  said            TEXT NOT NULL DEFAULT '',
  -- ms since the epoch: a verdict whose giver died before it told the worker does not last
  given_at        INTEGER
) STRICT;

-- A session asks one question at a time.
CREATE UNIQUE INDEX idx_approvals_conversation ON approvals (conversation_id);
