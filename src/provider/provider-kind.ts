import type { Environment, ModelSettings, Provider } from './provider.ts'

/** A kind of provider: all that the rest of the program knows of it. The registry has one line for each. */
export interface ProviderKind {
  /** What `model.provider` calls it. */
  name: string
  /** The provider, where the settings ask for it by name. @throws UserError when they cannot be used */
  create(settings: ModelSettings, env: Environment, around: Around): Provider | Promise<Provider>
  /** What `auto` finds of it on this machine; undefined: nothing, and the next kind is looked for. */
  detect(settings: ModelSettings, env: Environment, around: Around): Promise<Detected | undefined>
  /** Whether the user set it up, by the settings or the environment: `q mux doctor` then checks this one for `auto`. */
  isSetUp(settings: ModelSettings, env: Environment, around: Pick<Around, 'machine'>): boolean
  /** How to get one, for somebody who has none: a command, if there is one. */
  advice?(settings: ModelSettings, env: Environment, around: Pick<Around, 'machine'>): string
  /** What stands between here and an answer, for `q mux doctor`. Never throws; at most 2 s without a probe. */
  check(settings: ModelSettings, env: Environment, options: CheckOptions): Promise<ModelFact[]>
}

/** What a kind is given besides settings and environment. */
export interface Around {
  /** The directory of the user guide. */
  docs: string
  /** ms since the epoch. */
  now(): number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  machine?: Machine
  /** Where OpenAI-compatible servers are looked for on this machine. */
  localEndpoints?: readonly string[]
}

export interface Machine {
  isEc2(): boolean
}

export interface Detected {
  provider: Provider
  /** One line for people; empty when there is nothing to say. */
  notice: string
}

export interface CheckOptions {
  /** Asks the model for one token: costs a little, and needs the network. */
  probe: boolean
  signal: AbortSignal
  /** ms since the epoch. */
  now(): number
  machine?: Machine
}

/** One finding about the way to the model. */
export interface ModelFact {
  name: 'credentials' | 'region' | 'endpoint' | 'model' | 'answer'
  ok: boolean
  detail: string
  /** What to do when it is not `ok`. */
  hint?: string
  /** It is not `ok`, and nothing is broken by it. */
  works?: boolean
}
