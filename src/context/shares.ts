/** What the parts of a request may take of the model's window. */
export const shares = {
  /** All context files together. */
  files: 0.4,
  /** From here on the conversation is compacted by itself: the rest is for the answer. */
  full: 0.8,
  /** A compaction by itself that would free less is left. */
  worthwhile: 0.1,
  /** What of the conversation stays as it was said when the rest is summarized. */
  verbatim: 0.2,
  /** The conversation that is to be summarized; the rest is for the summary. */
  summarized: 0.5,
} as const
