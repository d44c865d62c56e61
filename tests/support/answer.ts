import { until } from './until.ts'

/**
 * Answers a question that ends in `[y/N]:`. One that has just come up takes no key, and keeps it for the next line, so it
 * is tried first whether it hears: with a letter that is taken back.
 */
export async function answerQuestion(
  { screen, keys }: { screen(): string; keys(...keys: string[]): void },
  text: string,
): Promise<void> {
  await until(
    async () => {
      keys('x')
      const heard = await until(() => screen().includes('[y/N]: x'), { patience: 1000 }).catch(() => false)
      keys('BSpace')
      return heard
    },
    { what: 'a question that hears' },
  )
  if (text !== '') keys('-l', '--', text)
  keys('Enter')
}
