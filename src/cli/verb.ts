import { type ArgDef, type CommandDef, defineCommand } from 'citty'

/** What may stand in a word's place, for the shell's completion. */
export type Completes = 'open-session' | 'any-session' | 'file' | 'setting' | readonly string[]

/** An argument as citty takes it, and what it cannot say. */
export type Argument = ArgDef & {
  completes?: Completes
  /** A positional one that takes all words that are left. */
  rest?: boolean
  /** A positional one that takes all words behind `--`, and nothing else. */
  behindDashes?: boolean
  /** A flag whose value may be left out. */
  optionalValue?: boolean
}

export type Arguments = Record<string, Argument>

/** A verb of `q`. Its arguments say what they are in fields: parsing, help, completion and reference read nothing else. */
export type Verb = Omit<CommandDef, 'args'>

/** citty's `defineCommand`, with the fields of ours. */
export function defineVerb<const A extends Arguments>(verb: CommandDef<A>): CommandDef<A> {
  return defineCommand(verb)
}

/** citty lets each part of a command be a value, a promise or a function that makes it. */
async function resolve<T>(
  value: T | Promise<T> | (() => T | Promise<T>) | undefined,
): Promise<T | undefined> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}

export async function subVerbs(verb: Verb): Promise<Record<string, unknown> | undefined> {
  return resolve(verb.subCommands)
}

export async function subVerb(verb: Verb, name: string): Promise<Verb | undefined> {
  const all = await subVerbs(verb)
  return all && Object.hasOwn(all, name) ? resolve(all[name] as Verb) : undefined
}

export async function argumentsOf(verb: Verb): Promise<Arguments> {
  return (await resolve<Arguments>((verb as { args?: Arguments }).args)) ?? {}
}

/** Those that stand in a place, in their order. */
export function positionals(args: Arguments): [name: string, argument: Argument][] {
  return Object.entries(args).filter(([, { type }]) => type === 'positional')
}

/** The flags by how they are written: `--name`, and `-n` for each alias. */
export function flagsOf(args: Arguments): Map<string, Argument> {
  const flags = new Map<string, Argument>()
  for (const [name, argument] of Object.entries(args)) {
    if (argument.type === 'positional') continue
    flags.set(`--${name}`, argument)
    for (const alias of 'alias' in argument ? [argument.alias ?? []].flat() : [])
      flags.set(`-${alias}`, argument)
  }
  return flags
}

/** Whether a flag is followed by a value. */
export function takesValue({ type }: Argument): boolean {
  return type === 'string' || type === 'enum'
}
