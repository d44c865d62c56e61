import { expect, test } from 'vitest'
import type { Tmux } from '../../src/tmux/door.ts'
import { betweenFences } from '../../src/tmux/printed.ts'
import { readView } from '../../src/tmux/tmux-view.ts'

test('what tmux 3.4 prints with a backslash before each variable is read without it', () => {
  const printed = [String.raw`a\\$X \$Y $1 "q"`, String.raw`%q-mux\$mark%`, '$ $', String.raw`%q-mux\$mark%`]
  expect(betweenFences(printed.join('\n')).slice(0, 2)).toEqual([String.raw`a\$X $Y $1 "q"`, '$ $'])
})

test('what any other tmux prints is read as it is', () => {
  const printed = [String.raw`a\\$X \$Y`, '%q-mux$mark%', '', '%q-mux$mark%']
  expect(betweenFences(printed.join('\n')).slice(0, 2)).toEqual([String.raw`a\\$X \$Y`, ''])
})

test('a dead pane whose process tmux 3.8 does not tell has none', async () => {
  const id = '11111111-1111-4111-8111-111111111111'
  const program = `node q.js worker ${id} --workspace q`
  const pane = (pid: string) => `p|%1|@1|$1|0|${id}|q||%1|${pid}|1|7||1|0|${id}|1|0|${program}|dev-1`
  const tmux = (pid: string): Tmux => ({ run: async () => `s|$1|q|1|:q:/run/q\n${pane(pid)}` })
  expect((await readView(tmux(''), 'q')).panes).toMatchObject([{ dead: true, pid: undefined }])
  expect((await readView(tmux('42'), 'q')).panes).toMatchObject([{ dead: true, pid: 42 }])
})
