import { describe, expect, test } from 'vitest'
import { bearable, costOf } from './cost.ts'
import { functions } from './functions.ts'
import { shapes } from './shapes.ts'

const length = 100_000
const harmless = harmlessOf(length)
/** Few letters tell which shapes are worth the many. */
const screening = shapes(3000)
const attacks = shapes(length)

describe('a hostile text of 100,000 characters costs no more than a small multiple of a harmless one', () => {
  for (const [name, work] of Object.entries(functions)) {
    test(name, async () => {
      const tried = quiet(work)
      const slow: string[] = []
      for (const attack of await worst(tried)) {
        const cost = await costOf(tried, attack, harmless)
        if (cost >= bearable) slow.push(`${cost.toFixed()} times: ${JSON.stringify(attack.slice(0, 30))}…`)
      }
      expect(slow).toEqual([])
    }, 60_000)
  }
})

/** The shapes that cost the most when they are short. */
async function worst(work: (text: string) => Promise<void>): Promise<string[]> {
  const costs: { attack: string; cost: number }[] = []
  for (const [at, text] of screening.entries()) {
    const begin = performance.now()
    await work(text)
    costs.push({ attack: attacks[at] ?? '', cost: performance.now() - begin })
  }
  return costs
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 3)
    .map(({ attack }) => attack)
}

function quiet(work: (text: string) => unknown): (text: string) => Promise<void> {
  return async (text) => {
    try {
      await work(text)
    } catch {
      // Only its time counts.
    }
  }
}

/** Words, lines, some letters of other scripts. */
function harmlessOf(size: number): string {
  const line = 'What does `createSession` do when the file is gone? naïve café, 中文 and more words.\n'
  return line.repeat(Math.ceil(size / line.length))
}
