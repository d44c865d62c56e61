import { commandsOf } from './bindings.ts'
import type { Command, Tmux } from './door.ts'
import { betweenFences, fence } from './printed.ts'
import { isQuiet } from './tmux-view.ts'

/** What tmux does when a client comes or goes. The controller's control client comes and goes, too, and looks at nothing. */
const clientHooks = ['client-attached', 'client-detached', 'client-session-changed']

/**
 * Has a user's hooks on clients run for clients, and not for the controller's own connection to a session: `client-attached
 * 'detach-client -a'` would throw everybody out. A hook of the session hides the global one, so what that does is repeated
 * there; read anew with each call.
 */
export async function shieldFromHooks(tmux: Tmux, session: string): Promise<void> {
  const commands: Command[] = []
  for (const hook of clientHooks) {
    const [listed = ''] = betweenFences(await tmux.run(['show-hooks', '-g', hook], fence))
    const bodies = hookBodies(listed, hook)
    commands.push(['set-hook', '-u', '-t', session, hook])
    for (const [at, body] of bodies.entries())
      commands.push(['set-hook', '-t', session, `${hook}[${at}]`, `if-shell -F '${isQuiet}' '' { ${body} }`])
  }
  await tmux.run(...commands)
}

/** The commands of a hook, as `show-hooks` lists them: `client-attached[0] detach-client -a`. */
export function hookBodies(listed: string, hook: string): string[] {
  return listed.split('\n').flatMap((line) => {
    const [, body] = new RegExp(`^${hook}\\[\\d+\\] (.+)$`).exec(line) ?? []
    return body === undefined ? [] : [commandsOf(body).replaceAll('\n', ' ; ')]
  })
}
