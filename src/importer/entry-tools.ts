/** Tool uses so far: the last answer's, by the id at the source, and every id that was given. */
export interface EntryTools {
  open: Map<string, string>
  used: Set<string>
}
