-- Whose choice a session's type was: what a user chose, no automatic naming changes.
ALTER TABLE conversations ADD COLUMN type_source TEXT NOT NULL DEFAULT 'auto' CHECK (type_source IN ('auto', 'user'));
