/**
 * Called before each answer. With the first, V8's optimising compilers are switched off: what they take (their own code
 * and what they make) is 9 MB of a worker's memory, and an interpreter is fast enough for a conversation. Not on the
 * command line: other flags there make V8 set Node's own code cache aside, and the prompt would be up later.
 */
export function stayLean(): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    // Kept from here on, compiled code would count as made for other flags, and the next start would not take it.
    process.getBuiltinModule('node:module').flushCompileCache()
    const v8 = process.getBuiltinModule('node:v8')
    v8.setFlagsFromString('--no-opt')
    v8.setFlagsFromString('--no-maglev')
  }
}
