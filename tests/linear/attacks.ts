import type { Random } from '../support/random.ts'

/**
 * Texts of `length` characters or a little less that drive `pattern` into backtracking, if anything does: each piece
 * of what it matches, again and again, behind what comes before it, and then something that it does not expect.
 */
export function attacksOn(pattern: RegExp, length: number, { below, pick }: Random): string[] {
  const tree = parse(pattern.source)
  const attacks = new Set<string>()
  for (let way = 0; way < 6; way += 1) {
    const pieces = sample(tree).filter((piece) => piece !== '')
    for (const [at] of pieces.entries()) {
      const before = pieces.slice(0, at).join('')
      for (const size of [1, 2, 3])
        attacks.add(repeated(before, pieces.slice(at, at + size).join(''), length))
      attacks.add(repeated('', before, length))
    }
    attacks.add(repeated('', pieces.join(''), length))
  }
  return [...attacks]

  function sample(node: Node): string[] {
    if (node.type === 'one') return [pick(samplesOf(node.source, pattern))]
    if (node.type === 'choice') return sample(pick(node.of))
    if (node.type === 'row') return node.of.flatMap(sample)
    if (node.type === 'look') return below(2) === 0 ? [] : sample(node.of)
    const most = Math.min(node.most, node.least + 2)
    const times = node.least > 100 ? 1 : node.least + below(most - node.least + 1)
    return Array.from({ length: times }, () => sample(node.of)).flat()
  }
}

type Node =
  | { type: 'one'; source: string }
  | { type: 'choice'; of: Node[] }
  | { type: 'row'; of: Node[] }
  | { type: 'look'; of: Node }
  | { type: 'repeat'; of: Node; least: number; most: number }

function repeated(before: string, piece: string, length: number): string {
  return `${before}${piece.repeat(piece === '' ? 0 : Math.ceil(length / piece.length))}\u0001\na`
}

const probes = [
  ...'a x1_Z9-./\\:"\'`@#=?!*(){}[]<>,;$%&|~^+\n\t\r\u0001\u001b\u00e9\u0301\u200d\ufe0f\u4e2d\u{1f600}',
]

/** Characters that one part of a pattern (a letter, a class, an escape) matches. */
function samplesOf(source: string, pattern: RegExp): string[] {
  if (/^\\?[^\\[.]$/su.test(source) && !/^\\[a-zA-Z0-9]$/.test(source)) return [source.replace(/^\\/, '')]
  const only = new RegExp(`^${source}$`, pattern.flags.replace(/[gy]/g, ''))
  const found = probes.filter((probe) => only.test(probe))
  if (found.length > 0) return found
  const exact = /^\\(?:u([\da-f]{4})|x([\da-f]{2}))$/i.exec(source)
  if (exact) return [String.fromCharCode(Number.parseInt(exact[1] ?? exact[2] ?? '', 16))]
  for (let code = 0x80; code < 0x1_f000; code += 1)
    if (only.test(String.fromCodePoint(code))) return [String.fromCodePoint(code)]
  return ['']
}

/** As much of the grammar as it takes to know what a pattern matches; what asserts without taking is left out. */
function parse(source: string): Node {
  let at = 0
  return choice()

  function choice(): Node {
    const of = [row()]
    while (source[at] === '|') {
      at += 1
      of.push(row())
    }
    return { type: 'choice', of }
  }

  function row(): Node {
    const of: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const node = atom()
      if (node) of.push(quantified(node))
    }
    return { type: 'row', of }
  }

  function quantified(of: Node): Node {
    const found = take(/(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y)
    if (!found) return of
    const [, sign, least, comma, most] = found
    if (sign) return { type: 'repeat', of, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : 9 }
    return {
      type: 'repeat',
      of,
      least: Number(least),
      most: comma === '' ? Number(least) : most === '' ? 1e6 : Number(most),
    }
  }

  function atom(): Node | undefined {
    if (take(/\^|\$|\\[bB](?![\w{])/y) || take(/\\[bB]/y)) return undefined
    const group = take(/\((?:\?(?:([:]|<?[=!])|<\w+>))?/y)
    if (group) {
      const of = choice()
      at += 1
      if (group[1]?.endsWith('!')) return undefined
      return group[1]?.endsWith('=') ? { type: 'look', of } : of
    }
    if (take(/\\[1-9k](?:<\w+>)?/y)) return undefined
    const [one = ''] =
      take(/\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\.|./isuy) ?? []
    return { type: 'one', source: one }
  }

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at = pattern.lastIndex
    return found
  }
}
