/**
 * A path pattern as a test: `*` and `?` stay within a name, `**` spans any number of directories, `[a-z]` `[!a]` one
 * character, `{a,b}` either. Names that begin with a dot are names like others. A test costs at most length × length:
 * no pattern hangs. `undefined` for a pattern with more than 200 alternatives.
 */
export function wildcard(pattern: string): ((path: string) => boolean) | undefined {
  const alternatives = alternativesOf(pattern, 200)
  if (!alternatives) return undefined
  const compiled = alternatives.map((one) => one.split('/').filter(isPart).map(nameTest))
  return (path) => {
    const names = path.split('/').filter(isPart)
    return compiled.some((tests) => matches(tests, names))
  }
}

/** `true`: any number of items. */
type Item<T> = true | ((item: T) => boolean)

function matches<T>(pattern: readonly Item<T>[], items: readonly T[]): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < items.length; ) {
    const test = pattern[at]
    if (test === true) {
      star = at++
      resume = index
    } else if (test?.(items[index] as T)) {
      at++
      index++
    } else {
      if (star < 0) return false
      at = star + 1
      index = ++resume
    }
  }
  while (pattern[at] === true) at++
  return at === pattern.length
}

function nameTest(name: string): Item<string> {
  if (name === '**') return true
  const tests: Item<string>[] = []
  const letters = [...name]
  const lastClose = letters.lastIndexOf(']')
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string
    const close = letter === '[' && at + 2 <= lastClose ? letters.indexOf(']', at + 2) : -1
    if (letter === '*') tests.push(true)
    else if (letter === '?') tests.push(() => true)
    else if (close > 0) {
      tests.push(setTest(letters.slice(at + 1, close)))
      at = close
    } else {
      const literal = letter === '\\' && at + 1 < letters.length ? letters[++at] : letter
      tests.push((found) => found === literal)
    }
  }
  return (candidate) => matches(tests, [...candidate])
}

function setTest(inside: string[]): (letter: string) => boolean {
  const negated = inside[0] === '!' || inside[0] === '^'
  const members = negated ? inside.slice(1) : inside
  const ranges: [string, string][] = []
  for (let at = 0; at < members.length; at++) {
    const from = members[at] as string
    const to = members[at + 1] === '-' ? members[at + 2] : undefined
    ranges.push([from, to ?? from])
    if (to !== undefined) at += 2
  }
  return (letter) => ranges.some(([from, to]) => letter >= from && letter <= to) !== negated
}

/** The pattern for every choice in its braces; a brace that does not close is a letter. */
function alternativesOf(pattern: string, limit: number): string[] | undefined {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0) {
    if (done.length + open.length > limit) return undefined
    const next = open.pop() as string
    const choice = choiceIn(next)
    if (!choice) done.push(next)
    else for (const one of choice.of.split(',')) open.push(`${choice.before}${one}${choice.after}`)
  }
  return done
}

/** The first `{a,b}` that has no other inside. */
function choiceIn(pattern: string): { before: string; of: string; after: string } | undefined {
  let start = -1
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '{') start = at
    if (pattern[at] !== '}' || start < 0) continue
    const of = pattern.slice(start + 1, at)
    if (of.includes(',')) return { before: pattern.slice(0, start), of, after: pattern.slice(at + 1) }
    start = -1
  }
  return undefined
}

function isPart(name: string): boolean {
  return name !== '' && name !== '.'
}
