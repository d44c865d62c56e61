/** The lines of a message by what they are. */
export interface Lines {
  readonly prose: string[]
  /** What went wrong, as a program reported it. */
  readonly errors: string[]
  /** What the code declares, or its first lines where it declares nothing. */
  readonly code: string[]
}

/** Tells what somebody wrote from what a program printed and from code. */
export function linesByKind(text: string): Lines {
  const prose: string[] = []
  const errors: string[] = []
  const code: string[] = []
  const lines = text.split('\n', maxLines)
  const indented = lines.some(isCode) ? /^(?: {2,}|\t)/ : /^\t\t/
  let fenced = false
  for (const line of lines) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced
    else if (isFrame(line)) continue
    else if (isError(line)) errors.push(errorText(line))
    else if (fenced || isCode(line) || indented.test(line)) code.push(line)
    else if (/[A-Za-z]{2}/.test(line))
      prose.push(line.replace(/^[\s>*#$-]+(?=\S)/, (start) => (/--$/.test(start) ? '--' : '')))
  }
  const declared = code.flatMap((line) => line.match(declaration)?.slice(1).find(Boolean) ?? [])
  return {
    prose,
    errors,
    code: declared.length > 0 ? [declared.slice(0, 3).join(' ')] : code.map(withoutKeywords),
  }
}

const maxLines = 200

function isFrame(line: string): boolean {
  return /^\s*(?:at .*[(:]|File "|Traceback|\.{3} \d+ more|goroutine \d|#?\d+:? +0x|from \S+:\d+:in|stack backtrace|\d+: \w+(?:::\w+)+$)/.test(
    line,
  )
}

/** `ValueError: …`, `java.lang.IllegalStateException: …`, `error: …`, `npm ERR! …`, `panic: …`. */
const error =
  /^\s*(?:\S+ \S+ )?(?:\[?(?:error|fatal|panic|exception|caused by)\]?:|npm ERR!|E: |thread '\w+' panicked at|\[(?:error|fatal)\] |Uncaught |(?:[\w$]+[.:])*[A-Z]\w*(?:Error|Exception|Fault|Failure)\b[:\s(])/

function isError(line: string): boolean {
  return error.test(`${line} `) && !/\b(?:when|how|why|please|help|my|i)\b/i.test(line.slice(0, 60))
}

function errorText(line: string): string {
  return line
    .replace(
      /^\s*(?:Caused by:|Exception in thread \S+|Uncaught|npm ERR!|thread '\w+' panicked at|\[?(?:error|fatal|panic|exception)\]?[:!\s])\s*/gi,
      '',
    )
    .replace(/^(?:[a-z_$][\w$]*\.)+(?=[A-Z])/, '')
}

function isCode(line: string): boolean {
  return /[{};]\s*$|^\s*[})\]]|=>|^\s*(?:import|export|from|package|using|const|let|var|def|class|func|fn|function|return|public|private|#include|if \(|for \(|while \(|<\/?\w+[ >])\b.*[({=;:>'"]|^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\s.*\b(?:FROM|INTO|SET|TABLE)\b|^[+-]{3} |^@@ |^\s*<\/?[a-z][\w-]*[ />]|^\s*[\w.]+\(.*\)\s*$|^\s*[\w.[\]]+\s*=\s*\S/.test(
    line,
  )
}

const declaration =
  /\b(?:function\*?|class|interface|struct|enum|trait|def|func(?: \([^)]*\))?|fn|type|module|namespace|resource "\w+")\s+"?([A-Za-z_]\w+)|\b(?:const|let|var)\s+([A-Za-z_]\w+)\s*=|\b(?:FROM|INTO|TABLE|UPDATE)\s+[`"]?(\w+)/i

function withoutKeywords(line: string): string {
  return line.replace(
    /\b(?:import|export|from|const|let|var|return|public|private|static|async|await|void|int|string|new|null|true|false|if|else|for|while|print|println|printf|console|log|self|this|select|where|std|include|div|span|using|require)\b/g,
    ' ',
  )
}
