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
  { name: 's3-debug', approval: false },
  { name: 'lambda-deploy', approval: true },
  { name: 'api-refactor', approval: false },
  { name: 'docs', approval: false },
  { name: 'iam', approval: false },
  { name: 'six', approval: false },
  { name: 'seven', approval: false },
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
    80: '[s3-debug] +6 more',
    60: '[s3-debug] +6 more',
    59: '7 waiting',
    40: '7 waiting',
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

test('stacked lines carry one name each, and the last one says how many more wait', () => {
  expect(renderLines(names.slice(0, 2), 4).map(plain)).toEqual(['[s3-debug]', '[lambda-deploy!]'])
  expect(renderLines(names, 3).map(plain).at(-1)).toBe('[api-refactor] +4 more')
  expect(renderLines([], 4)).toEqual([])
})
