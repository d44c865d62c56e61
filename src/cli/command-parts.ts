import type { ArgsDef, CommandDef } from 'citty'

// biome-ignore lint/suspicious/noExplicitAny: citty's own type for a command of unknown arguments
export type Command = CommandDef<any>

/** citty lets each part of a command be a value, a promise or a function that makes it. */
async function resolve<T>(
  value: T | Promise<T> | (() => T | Promise<T>) | undefined,
): Promise<T | undefined> {
  return typeof value === 'function' ? (value as () => T | Promise<T>)() : value
}

export async function subCommands(command: Command): Promise<Record<string, unknown> | undefined> {
  return resolve(command.subCommands)
}

export async function subCommand(command: Command, name: string): Promise<Command | undefined> {
  const all = await subCommands(command)
  return all && Object.hasOwn(all, name) ? resolve(all[name] as Command) : undefined
}

export async function argumentsOf(command: Command): Promise<ArgsDef> {
  return (await resolve<ArgsDef>(command.args)) ?? {}
}
