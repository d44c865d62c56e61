/** The variable that leads hooks to the spool of the session they run for; without it they do nothing. */
export const spoolVariable = 'Q_MUX_SPOOL'

/** The most bytes of one report. One that is longer is cut, and counts as its event alone. */
export const maxReportBytes = 1_048_576

/**
 * One line of sh that puts what an agent's hook reads into the spool as one file, and ends with 0 whatever happens. It
 * needs what Debian and macOS have. The file's name says whose child the hook is, its own process and the event.
 */
export function reportLine(event: string): string {
  return `${begin(event)} { ${keep} && ${show}; } 2>/dev/null; exit 0`
}

/**
 * The same for a question: then waits for an answer, which it prints, until it gets one, an empty one, or a signal; that
 * it was ended by a signal is a report, too (`EVENT.gone`).
 */
export function askLine(event: string): string {
  return [
    begin(event),
    `{ mkfifo "$f.answer" && ${keep} && ${show}; } 2>/dev/null || exit 0;`,
    'cat "$f.answer" 2>/dev/null & c=$!;',
    `trap 'kill $c; : >"$f.gone"' TERM HUP INT;`,
    'wait $c; rm -f "$f.answer"; exit 0',
  ].join(' ')
}

/** `event` is a word of ours. */
function begin(event: string): string {
  return `[ -d "$${spoolVariable}" ] || exit 0; umask 077; f="$${spoolVariable}/$PPID.$$.${event}";`
}

const keep = `head -c ${maxReportBytes} >"$f.part"`
const show = 'mv "$f.part" "$f"'
