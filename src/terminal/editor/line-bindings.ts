import { defaultLineKeys, type LineCommand, type LineKeys, pressedName } from '../../domain/line-commands.ts'

/** Which command a press stands for, by the name of the press. */
export type KeyBindings = ReadonlyMap<string, LineCommand>

/** Keys that the line editor cannot hear are left out. */
export function keyBindings(keys: LineKeys): KeyBindings {
  const pairs = Object.entries(keys).flatMap(([command, names]) =>
    names.flatMap((name): [string, LineCommand][] => {
      const pressed = pressedName(name)
      return pressed === undefined ? [] : [[pressed, command as LineCommand]]
    }),
  )
  return new Map(pairs)
}

export const defaultBindings = keyBindings(defaultLineKeys)
