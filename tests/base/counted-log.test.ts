import { expect, test } from 'vitest'
import { countedLog } from '../../src/base/counted-log.ts'

const noon = Date.UTC(2026, 10, 26, 12, 1)

test('a line that repeats all day is written once, and then counted', () => {
  const { lines, log, clock } = create()
  for (let times = 0; times < 43_000; times += 1) {
    clock.now += 2000
    log.write('the socket does not answer')
  }
  log.end()
  expect(lines[0]).toBe('the socket does not answer')
  expect(lines).toHaveLength(6)
  expect(lines.at(-1)).toBe('… 43,000 times since 12:01: the socket does not answer')
})

test('two lines by turns are counted, too, and others in between are written', () => {
  const { lines, log } = create()
  for (let times = 0; times < 10; times += 1) {
    log.write('a')
    log.write('b')
  }
  log.write('c')
  expect(lines).toEqual(['a', 'b', '… 10 times since 12:01: a', '… 10 times since 12:01: b', 'c'])
})

test('what was not heard for an hour is written again', () => {
  const { lines, log, clock } = create()
  log.write('a')
  log.write('a')
  clock.now += 3_600_000
  log.write('a')
  expect(lines).toEqual(['a', '… 2 times since 12:01: a', 'a'])
})

test('lines that are all different are written, and only some of them kept in mind', () => {
  const { lines, log } = create()
  for (let number = 0; number < 1000; number += 1) log.write(`line ${number}`)
  log.write('line 0')
  expect(lines).toHaveLength(1001)
})

function create() {
  const lines: string[] = []
  const clock = { now: noon }
  return {
    lines,
    clock,
    log: countedLog(
      (line) => lines.push(line),
      () => clock.now,
    ),
  }
}
