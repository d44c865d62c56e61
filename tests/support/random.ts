/** Numbers that are the same in every run, so that what a test found can be found again (mulberry32). */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  pick<T>(choices: readonly T[]): T
}

export function random(seed: number): Random {
  let state = seed
  const below = (end: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
  return {
    below,
    pick: <T>(choices: readonly T[]): T => {
      const choice = choices[below(choices.length)]
      if (choice === undefined) throw new Error('there is nothing to choose from')
      return choice
    },
  }
}
