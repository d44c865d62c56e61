import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { findByName, isName, nameLimit, numberedName, parseName, uniqueName } from '../../src/domain/name.ts'
import { hostileNames } from '../support/hostile-names.ts'
import { thrownBy } from '../support/thrown.ts'

/** What may stand in a message: one line that a terminal only prints. */
const harmlessLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u

describe('isName', () => {
  test.each(['a', '0', 'dev-1', 's3-debug', 'a-b-c', '1-2', 'a'.repeat(nameLimit)])('takes %s', (name) => {
    expect(isName(name)).toBe(true)
  })

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

  test('never accepts more than a status file may hold, however long the setting allows', () => {
    expect(thrownBy(() => parseName('a'.repeat(nameLimit + 1), 1000))).toBeInstanceOf(UserError)
  })
})

describe('numberedName', () => {
  test.each([
    ['Development', 'dev-1'],
    ['Debug', 'debug-1'],
    ['Planning', 'plan-1'],
    ['CodeReview', 'review-1'],
  ] as const)('names the first session of type %s %s', (type, name) => {
    expect(numberedName(type, () => false)).toBe(name)
  })

  test('takes the first number that is free', () => {
    const taken = new Set(['dev-1', 'dev-2', 'dev-4'])
    expect(numberedName('Development', (name) => taken.has(name))).toBe('dev-3')
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

describe('findByName', () => {
  const sessions = ['api', 'api-refactor', 's3-debug', 'lambda-deploy', 'lambda-tests'].map((name) => ({
    name,
  }))

  test.each([
    ['s3-debug', 's3-debug'],
    ['s', 's3-debug'],
    ['lambda-d', 'lambda-deploy'],
    ['api', 'api'],
    ['api-', 'api-refactor'],
    [' S3 ', 's3-debug'],
  ])('finds by %j the session %s', (word, name) => {
    expect(findByName(word, sessions).name).toBe(name)
  })

  test('refuses a shortened name that several sessions have, and names them', () => {
    expect(thrownBy(() => findByName('lam', sessions))).toMatchObject({
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
  ])('says of the unknown name %j: %s', (word, hint) => {
    expect(thrownBy(() => findByName(word, sessions))).toMatchObject({
      message: `there is no session "${word}"`,
      hint,
      exit: 2,
    })
  })

  test('finds no session by a hostile name and repeats it only as a harmless line', () => {
    for (const text of hostileNames.filter((name) => !/^\s*(a|api)\s*$/i.test(name))) {
      const error = thrownBy(() => findByName(text, sessions))
      expect(error, JSON.stringify(text)).toBeInstanceOf(UserError)
      expect((error as UserError).message).toMatch(harmlessLine)
    }
  })
})
