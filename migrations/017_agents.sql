-- Sessions in which another agent's own program runs. Absent: our own chat.
ALTER TABLE conversations ADD COLUMN agent TEXT;
-- The user's own arguments for it, which each start gets again.
ALTER TABLE conversations ADD COLUMN agent_args TEXT CHECK (agent_args IS NULL OR json_valid(agent_args));
-- Its own id of the conversation, once it told one.
ALTER TABLE conversations ADD COLUMN agent_session TEXT;
