-- What a queued prompt may be: a line that was given as such may be a slash command (1), all else is nothing but a prompt.
ALTER TABLE prompts ADD COLUMN may_be_command INTEGER NOT NULL DEFAULT 0;
