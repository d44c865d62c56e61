import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import {
  ambiguousName,
  isName,
  maxNameLength,
  meantBy,
  numberedName,
  parseName,
  uniqueName,
  unknownName,
} from '../../src/domain/session-name.ts'
import { hostileNames } from '../support/hostile-names.ts'
import { thrownBy } from '../support/thrown.ts'

/** What may stand in a message: one line that a terminal only prints. */
const harmlessLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u

describe('isName', () => {
  test.each(['a', '0', 'dev-1', 's3-debug', 'a-b-c', '1-2', 'a'.repeat(maxNameLength)])(
    'takes %s',
    (name) => {
      expect(isName(name)).toBe(true)
    },
  )

  test('refuses every hostile name', () => {
    expect(hostileNames.length).toBeGreaterThanOrEqual(60)
    expect(hostileNames.filter(isName)).toEqual([])
  })

  test('refuses a good name with any one hostile letter in it, wherever it stands', () => {
    const letters = [...Array(0x300).keys()]
      .map((code) => String.fromCharCode(code))
      .filter((letter) => !/[a-z0-9-]/.test(letter))
    const passed = letters.filter((letter) =>
      [`${letter}dev-1`, `dev${letter}1`, `dev-1${letter}`].some(isName),
    )
    expect(passed).toEqual([])
  })
})

describe('parseName', () => {
  test.each([
    ['api', 'api'],
    ['  S3-Debug ', 's3-debug'],
    ['my new session', 'my-new-session'],
    ['lambda_deploy', 'lambda-deploy'],
    ['v1.2', 'v1-2'],
    ['feature/login', 'feature-login'],
    ['a \t _./ b', 'a-b'],
    ['a'.repeat(20), 'a'.repeat(20)],
  ])('makes %j the name %s', (typed, name) => {
    expect(parseName(typed, 20)).toBe(name)
  })

  test('makes a name of a hostile text or refuses it in one harmless line', () => {
    const refused = hostileNames.flatMap((text) => {
      const outcome = thrownBy(() => parseName(text, 20)) ?? parseName(text, 20)
      if (typeof outcome !== 'string') return [{ text, error: outcome }]
      expect(isName(outcome), outcome).toBe(true)
      expect(text.toLowerCase().normalize('NFKC'), outcome).toContain(outcome.split('-')[0])
      return []
    })
    expect(refused.length).toBeGreaterThan(hostileNames.length / 2)
    for (const { text, error } of refused) {
      expect(error, text).toBeInstanceOf(UserError)
      expect(error, text).toMatchObject({ exit: 2, hint: expect.stringMatching(/^(use|choose) /) })
      expect((error as UserError).message).toMatch(harmlessLine)
      expect((error as UserError).message.length).toBeLessThan(120)
    }
  })

  test('says how long a name may be when it is too long', () => {
    expect(thrownBy(() => parseName('a'.repeat(21), 20))).toMatchObject({
      message: "a session's name has at most 20 characters; this one has 21",
      hint: 'choose a shorter one, or raise sessions.name_max_length',
    })
  })

  test("refuses what reads like a session's id", () => {
    const id = '0a1b2c3d-0000-4000-8000-00000000000f'
    expect(thrownBy(() => parseName(id.toUpperCase(), 64))).toBeInstanceOf(UserError)
    expect(parseName(`x${id}`, 64)).toBe(`x${id}`)
  })

  test('never accepts more than a status file may hold, however long the setting allows', () => {
    expect(thrownBy(() => parseName('a'.repeat(maxNameLength + 1), 1000))).toBeInstanceOf(UserError)
  })
})

describe('numberedName', () => {
  test.each([
    ['Development', 'dev-1'],
    ['Debug', 'debug-1'],
    ['Planning', 'plan-1'],
    ['CodeReview', 'review-1'],
  ] as const)('names the first session of type %s %s', (type, name) => {
    expect(numberedName(type, { taken: () => false, highest: () => 0 })).toBe(name)
  })

  test('goes on after the highest number that was given, also where others are free', () => {
    const taken = new Set(['dev-1', 'dev-2', 'dev-4'])
    expect(numberedName('Development', { taken: (name) => taken.has(name), highest: () => 4 })).toBe('dev-5')
  })

  test('is free also beyond numbers that are no count', () => {
    const given = { taken: (name: string) => name === 'dev-1', highest: () => 0 }
    expect(numberedName('Development', given)).toBe('dev-2')
  })
})

describe('uniqueName', () => {
  test.each([
    ['api', [], 'api'],
    ['api', ['api'], 'api-2'],
    ['api', ['api', 'api-2', 'api-3'], 'api-4'],
    ['lambda-dep', ['lambda-dep'], 'lambda-d-2'],
    ['lambdas-de', ['lambdas-de'], 'lambdas-2'],
  ])('gives %s, beside %j, the name %s', (name, others, unique) => {
    expect(uniqueName(name, 10, (other) => others.includes(other))).toBe(unique)
  })

  test('stays a name of the allowed length with many alike', () => {
    const taken = new Set<string>()
    for (let number = 0; number < 120; number += 1) {
      const next = uniqueName('abcdef-hij', 10, (name) => taken.has(name))
      expect(isName(next) && next.length <= 10 && !taken.has(next), next).toBe(true)
      taken.add(next)
    }
  })
})

describe('meantBy', () => {
  const names = ['api', 'api-refactor', 's3-debug', 'lambda-deploy', 'lambda-tests', '0a1b']
  const sessions = names.map((name, at) => ({ id: `0a1b2c3${at}-0000-4000-8000-000000000000`, name }))
  const closed = { id: 'cccccccc-0000-4000-8000-000000000000', name: 'dev-1' }
  const earlier: Record<string, string> = {
    'dev-1': 'dev-1',
    lambda: 'api',
    api: 's3-debug',
    lam: 'lambda-tests',
  }
  const known = (word: string) =>
    [...sessions, closed].find(({ id, name }) => id === word || name === earlier[word])
  const meant = (word: string) => meantBy(word, sessions, known).map(({ name }) => name)

  test.each([
    ['a current name, before an earlier one of another', 'api', ['api']],
    ['an earlier name, before the beginning of others', 'lambda', ['api']],
    ['an earlier name of one that is no candidate', 'dev-1', ['dev-1']],
    ['a whole id', '0a1b2c32-0000-4000-8000-000000000000', ['s3-debug']],
    ['the beginning of one name', ' S3 ', ['s3-debug']],
    ['the beginning of several names', 'lambda-', ['lambda-deploy', 'lambda-tests']],
    ['a name, before ids that begin so', '0a1b', ['0a1b']],
    ['eight letters of an id', '0A1B2C33', ['lambda-deploy']],
    ['seven letters of an id', '0a1b2c3', []],
    ['nothing', '  ', []],
    ['the beginning of an earlier name', 'dev', []],
  ])('finds by %s', (_, word, found) => {
    expect(meant(word)).toEqual(found)
  })

  test('finds no session by a hostile name', () => {
    for (const text of hostileNames.filter((name) => !/^\s*(a|api)\s*$/i.test(name)))
      expect(meant(text), JSON.stringify(text)).toEqual([])
  })
})

describe('who is not found', () => {
  const sessions = ['api', 'api-refactor', 's3-debug', 'lambda-deploy', 'lambda-tests'].map((name, at) => ({
    id: `0a1b2c3${at}-0000-4000-8000-000000000000`,
    name,
  }))

  test('a shortened name that several sessions have is refused with their names', () => {
    expect(ambiguousName('lam', sessions.slice(3))).toMatchObject({
      message: '"lam" could be lambda-deploy, lambda-tests',
      exit: 2,
    })
  })

  test.each([
    ['s3-debgu', 'did you mean "s3-debug"?'],
    ['lamdba-deploy', 'did you mean "lambda-deploy"?'],
    ['s3-debug-2', 'did you mean "s3-debug"?'],
    ['xyzzy', 'see the list with /sessions or q mux list'],
    ['', 'see the list with /sessions or q mux list'],
    ['0a1b2c39', 'see the list with /sessions or q mux list'],
  ])('of the unknown name %j it is said: %s', (word, hint) => {
    expect(unknownName(word, sessions)).toMatchObject({
      message: `there is no session "${word}"`,
      hint,
      exit: 2,
    })
  })

  test('a hostile name is repeated only as a harmless line', () => {
    for (const text of hostileNames) {
      expect(unknownName(text, sessions).message).toMatch(harmlessLine)
      expect(ambiguousName(text, sessions).message).toMatch(harmlessLine)
    }
  })
})
