/** Facts by their ids, the newest of them: the oldest goes when there are too many. */
export interface Recent<T> {
  get(id: string): T | undefined
  has(id: string): boolean
  set(id: string, fact: T): void
  delete(id: string): void
  clear(): void
  size(): number
  /** The ids of this moment, oldest first. */
  keys(): string[]
}

export function recent<T>(max: number): Recent<T> {
  const facts = new Map<string, T>()
  return {
    get: (id) => facts.get(id),
    has: (id) => facts.has(id),
    set(id, fact) {
      facts.set(id, fact)
      if (facts.size > max) facts.delete(facts.keys().next().value ?? '')
    },
    delete: (id) => void facts.delete(id),
    clear: () => facts.clear(),
    size: () => facts.size,
    keys: () => [...facts.keys()],
  }
}
