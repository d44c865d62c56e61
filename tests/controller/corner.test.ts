import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CornerName, renderCorner, renderLines } from '../../src/controller/corner.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
let show: (format: string) => string

/** A control client has the size that it asks for, so tmux itself says what a client of that width sees. */
beforeAll(async () => {
  lab = openLab()
  lab.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'w', 'cat')
  show = (format) => lab.tmux('display-message', '-p', '-c', client(), format)
})
afterAll(() => lab.dispose())

const plain = (text: string): string => text.replaceAll(/#\[[^\]]*\]/g, '')
const client = (): string => lab.tmux('list-clients', '-F', '#{client_name}')

const names: CornerName[] = [
  { name: 's3-debug', waitingFor: 'input' },
  { name: 'lambda-deploy', waitingFor: 'approval' },
  { name: 'api-refactor', waitingFor: 'input' },
  { name: 'docs', waitingFor: 'input' },
  { name: 'iam', waitingFor: 'input' },
  { name: 'six', waitingFor: 'input' },
  { name: 'seven', waitingFor: 'input' },
]

test('the corner shows as many names as fit a third of each client, and only a number on a narrow one', async () => {
  const control = lab.start('tmux', ['-L', lab.socket, '-C', 'attach-session', '-t', '=w'])
  control.stdout?.resume()
  await until(() => client())
  const { fit } = renderCorner(names, 5)
  const shown: Record<number, string> = {}
  for (const width of [240, 200, 120, 80, 60, 59, 40]) {
    control.stdin?.write(`refresh-client -C ${width},24\n`)
    await until(() => show('#{client_width}') === String(width))
    shown[width] = plain(show(fit))
  }
  expect(shown).toEqual({
    240: '[s3-debug] [lambda-deploy!] [api-refactor] [docs] [iam] +2 more',
    200: '[s3-debug] [lambda-deploy!] [api-refactor] [docs] [iam] +2 more',
    120: '[s3-debug] [lambda-deploy!] +5 more',
    80: '[s3-debug] +6 more, 1!',
    60: '7 waiting, 1!',
    59: '7 waiting, 1!',
    40: '7 waiting, 1!',
  })
})

test('the whole corner is yellow and has at most as many names as configured', () => {
  expect(renderCorner(names, 2).full).toMatch(/^#\[.*yellow.*\]\[s3-debug\] .*#\[default\]$/)
  expect(plain(renderCorner(names, 2).full)).toBe('[s3-debug] [lambda-deploy!] +5 more')
  expect(plain(renderCorner(names.slice(0, 2), 5).full)).toBe('[s3-debug] [lambda-deploy!]')
})

test('when nobody waits or the corner is off, there is nothing', () => {
  expect(renderCorner([], 5)).toEqual({ full: '', fit: '' })
  expect(renderCorner(names, 0)).toEqual({ full: '', fit: '' })
})

test('what is urgent among those that do not fit is counted, and a failure has a mark of its own', () => {
  const failed: CornerName = { name: 'failed', waitingFor: 'error' }
  const more = [...names, failed, failed]
  expect(plain(renderCorner(more, 1).full)).toBe('[s3-debug] +8 more, 1! 2✗')
  expect(plain(renderCorner([failed], 1).full)).toBe('[failed✗]')
  expect(renderLines(more, 2).map(plain)).toEqual(['[s3-debug]', '[lambda-deploy!] +7 more, 2✗'])
})

test('stacked lines carry one name each, and the last one says how many more wait', () => {
  expect(renderLines(names.slice(0, 2), 4).map(plain)).toEqual(['[s3-debug]', '[lambda-deploy!]'])
  expect(renderLines(names, 3).map(plain).at(-1)).toBe('[api-refactor] +4 more')
  expect(renderLines([], 4)).toEqual([])
})
