import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stemmer } from 'stemmer'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { nameFrom } from '../../src/naming/name-from.ts'
import { type Child, endChildren, startChild } from '../support/child.ts'
import { timesTheWork } from '../support/cpu.ts'

afterEach(endChildren)

const wellFormed = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** What a user said first, and the words of which the name must have at least two, or all where there are fewer. */
const openings: [string | string[], string][] = [
  ['please help me debug my lambda deploy, it times out', 'lambda deploy timeout'],
  ['Can you help me figure out why the S3 upload fails with AccessDenied', 's3 upload fails access denied'],
  [
    'How do I set up GitHub Actions to deploy a Next.js app to Vercel?',
    'github actions deploy nextjs vercel',
  ],
  ["I'm getting a segfault when I run my rust program with --release", 'segfault rust release program'],
  ['Write a Python script that parses CSV files and uploads them to Postgres', 'python script csv postgres'],
  ['my docker container exits immediately with code 137', 'docker container exit 137'],
  ['Can you review this pull request? It adds rate limiting to the API gateway', 'rate limit api gateway'],
  [
    'We need to migrate our monolith from MySQL to DynamoDB, how should we plan it?',
    'migrate monolith mysql dynamodb',
  ],
  ['refactor the payment service to use dependency injection', 'refactor payment service dependency'],
  ['explain how async/await works in javascript', 'async await js'],
  ['What is the best way to store user sessions in Redis?', 'store user sessions redis'],
  ["our CI pipeline takes 40 minutes, let's make it faster", 'ci pipeline'],
  ['Unit tests for the OrderService class are flaky on Windows', 'unit tests order service flaky windows'],
  ['add dark mode to the settings page', 'dark mode settings'],
  ['implement pagination for GET /api/users endpoint', 'pagination users endpoint'],
  ['I want to build a CLI todo app in Go with cobra', 'cli todo app cobra'],
  ['design a database schema for a multi-tenant SaaS', 'database schema tenant saas'],
  ['compare terraform and pulumi for our AWS infrastructure', 'terraform pulumi aws'],
  ['why is my React component re-rendering on every keystroke?', 'react component rendering'],
  ['how to center a div', 'center div'],
  ['I keep getting CORS errors when calling my API from localhost:3000', 'cors errors api'],
  ["The login button doesn't work on mobile Safari", 'login button mobile safari'],
  ['terraform apply fails with Error acquiring the state lock', 'terraform apply fails state lock'],
  ['convert this bash script to python', 'bash script python'],
  ['write unit tests for src/utils/date.ts', 'unit test date utils'],
  ['please optimize this SQL query, it takes 30 seconds', 'optimize sql query'],
  ['generate a Dockerfile for a Node 20 app with pnpm', 'dockerfile node pnpm'],
  ['create an IAM policy that only allows reading from one S3 bucket', 'iam policy s3 bucket'],
  ['is there a way to make vim open files at the last cursor position', 'vim open cursor position'],
  ['git rebase conflict in package-lock.json', 'git rebase conflict lock'],
  ["The p99 latency of checkout-service went up after yesterday's deploy", 'p99 latency checkout deploy'],
  ['AWS Lambda cold starts', 'lambda cold starts'],
  ['k8s ingress 502', 'k8s ingress 502'],
  ['ImportError when running pytest in GitHub Actions', 'importerror pytest github actions'],
  ["Let's brainstorm the architecture for a real-time chat application", 'architecture real time chat'],
  ['kubernetes', 'kubernetes'],
  ['🚀 deploy the app', 'deploy app'],
  [['hi', 'my kafka consumer lags behind'], 'kafka consumer lag'],
  [['Hello!', 'can you help?', 'I need to upgrade from Spring Boot 2 to 3'], 'upgrade spring boot'],
  [
    ['Fix the memory leak in the image resizer', 'it happens in sharp', 'thanks'],
    'memory leak image resizer',
  ],
  [
    ['help me with my code', "it's a websocket server in Elixir that drops connections"],
    'websocket server elixir drops',
  ],
  [
    "Hey, I've got a Django app on Heroku and after the last deploy all static files return 404",
    'django app heroku deploy static 404',
  ],
  ['could you write me a bash one-liner that deletes docker images', 'bash liner deletes docker images'],
  ['I need to add OAuth2 login with Google to my Flask application', 'oauth2 login google flask'],
  ["what's the difference between a mutex and a semaphore", 'mutex semaphore'],
  ["Let's build a Slack bot that posts our on-call schedule every morning", 'slack bot schedule'],
  ['Plan the work for moving our event bus from RabbitMQ to NATS', 'event bus rabbitmq nats'],
  ['can u make the sidebar collapsible', 'sidebar collapsible'],
  ['How do I undo my last git commit without losing changes?', 'undo git commit'],
  ['use zod to validate the request bodies in our express routes', 'zod validate request express routes'],
  ['Is it safe to run two workers against the same SQLite database?', 'workers sqlite database'],
  ['we should move from webpack to vite, what would break?', 'webpack vite move'],
  ['fatal: refusing to merge unrelated histories', 'refuse merge unrelated history'],
  ['dockerize my rails app', 'dockerize rails'],
  ['how can I speed up our pytest suite', 'speed pytest suite'],
  // A stack trace, code, an address, a path.
  [
    "TypeError: Cannot read properties of undefined (reading 'map')\n    at UserList (src/UserList.tsx:14:22)",
    'typeerror read properties map',
  ],
  [
    'Traceback (most recent call last):\n  File "/app/main.py", line 10, in <module>\n    run()\nKeyError: \'user_id\'',
    'keyerror user',
  ],
  [
    'java.lang.NullPointerException: Cannot invoke "String.length()"\n\tat com.foo.Bar.baz(Bar.java:12)',
    'null pointer invoke string length',
  ],
  ["ModuleNotFoundError: No module named 'requests'", 'module requests'],
  ['```ts\nexport function parseConfig(path: string) {\n  return JSON.parse(path)\n}\n```', 'parse config'],
  [
    'def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci(n-1) + fibonacci(n-2)',
    'fibonacci',
  ],
  ['SELECT * FROM orders WHERE customer_id = 5', 'orders'],
  ['https://git.example/docker/compose/issues/1234', 'docker compose'],
  [
    'https://questions.example/questions/5767325/how-can-i-remove-a-specific-item-from-an-array',
    'remove item array',
  ],
  ['src/auth/login.ts', 'auth login'],
  ['C:\\Users\\bob\\source\\Invoice\\InvoiceParser.cs', 'invoice parser'],
  // Other languages.
  ['Kannst du mir helfen, den Fehler im Docker Build zu finden?', 'docker build fehler'],
  ['Ich möchte eine REST Schnittstelle für die Benutzer bauen', 'rest schnittstelle benutzer'],
  ['¿Cómo puedo configurar el servidor nginx con certificados SSL?', 'servidor nginx ssl configurar'],
  ['Pourquoi mon conteneur Docker ne démarre pas ?', 'docker demarre conteneur'],
  ['Почему docker compose не запускается?', 'docker compose'],
  ['Reactコンポーネントのテストを書いて', 'react'],
]

test.each(openings)('%j is named by words of its own', (opening, expected) => {
  const name = nameFrom([opening].flat()) ?? ''
  const stems = new Set(expected.split(' ').map((word) => stemmer(word)))
  const words = name.split('-').map((word) => stemmer(word))
  expect(name).toMatch(wellFormed)
  expect(name.length).toBeLessThanOrEqual(20)
  expect(words.filter((word) => stems.has(word)).length, name).toBeGreaterThanOrEqual(Math.min(2, stems.size))
})

test('with room for it the whole subject is named', () => {
  expect(nameFrom(['please help me debug my lambda deploy, it times out'], { maxLength: 24 })).toBe(
    'lambda-deploy-timeout',
  )
})

test.each([
  '',
  '   ',
  '\0',
  'hi',
  'hey there!',
  'hello can you help me',
  'good morning',
  'please',
  'thanks',
  'ok',
  'why?',
  'fix it',
  'what can you do?',
  'who are you',
  '🎉🎉🎉',
  '如何部署？',
  'Помоги мне с кодом',
  '日本語のテスト',
  '---',
  '...',
  '12 + 5',
  'a',
  'x'.repeat(50_000),
])('%j describes nothing, so there is no name', (message) => {
  expect(nameFrom([message])).toBeUndefined()
})

describe('A name', () => {
  test('waits for the message that describes something', () => {
    expect(nameFrom(['hi'])).toBeUndefined()
    expect(nameFrom(['hi', 'deploy nginx'])).toBe('deploy-nginx')
  })

  test('is never changed by a fourth message', () => {
    const three = ['refactor the parser', 'and its tests', 'thanks']
    expect(nameFrom([...three, 'deploy nginx to kubernetes'])).toBe(nameFrom(three))
  })

  test('gets a number that still fits when it is taken', () => {
    const taken = new Set<string>()
    for (let session = 0; session < 30; session++) {
      const name = nameFrom(['python script for csv files'], { taken: (other) => taken.has(other) }) ?? ''
      expect(name).toMatch(wellFormed)
      expect(name.length).toBeLessThanOrEqual(20)
      expect(taken).not.toContain(name)
      taken.add(name)
    }
    expect([...taken].slice(1).every((name) => /-\d+$/.test(name))).toBe(true)
  })

  test('leaves a word out rather than cutting it', () => {
    for (let maxLength = 1; maxLength <= 40; maxLength++) {
      const name = nameFrom(['kubernetes deployment with autoscaling'], { maxLength })
      if (name === undefined) continue
      expect(name.length).toBeLessThanOrEqual(maxLength)
      for (const word of name.split('-')) expect(['kubernetes', 'deployment', 'autoscaling']).toContain(word)
    }
    expect(nameFrom(['kubernetes'], { maxLength: 9 })).toBeUndefined()
  })

  test('has no word twice', () => {
    expect(nameFrom(['config configuration'], { maxLength: 30 })).toBe('config')
    expect(nameFrom(['retry the retries, retrying'], { maxLength: 30 })).toBe('retry')
  })

  test('is the same each time', () => {
    const said = ['migrate the billing cron jobs to temporal']
    expect(nameFrom(said)).toBe(nameFrom(said))
  })
})

describe('Hostile messages', () => {
  const pieces = [
    '#(touch x)',
    '$(rm -rf /)',
    '`id`',
    '\0',
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '\u202e',
    '\u200b',
    '\u2066',
    '-',
    '--',
    '../',
    '/etc/passwd',
    '\n',
    '\t',
    '\r',
    ';',
    '|',
    '&&',
    "'",
    '"',
    '{}',
    '%s',
    '#{pane_id}',
    '🎉',
    'İ',
    'ß',
    'é',
    '中文',
    'мир',
    'http://',
    'https://a.b/%00',
    '\ud800',
    'name',
    'deploy',
    'Kubernetes',
    'foo_bar',
    'fooBar',
    '__proto__',
    'constructor',
    'toString',
    '9',
    '404',
    '=>',
    '```',
    '@',
    'C:\\',
    'x'.repeat(60),
  ]

  test('give a well-formed name or none', () => {
    const random = randomFrom(7)
    for (let round = 0; round < 3000; round++) {
      const messages = Array.from({ length: 1 + random(3) }, () =>
        Array.from(
          { length: random(12) },
          () => (pieces[random(pieces.length)] ?? '') + (random(2) ? ' ' : ''),
        ).join(''),
      )
      const maxLength = 1 + random(40)
      const taken = (name: string) => name.length % 3 === random(3)
      const name = nameFrom(messages, { maxLength, taken })
      if (name === undefined) continue
      expect(name, JSON.stringify(messages)).toMatch(wellFormed)
      expect(name.length).toBeLessThanOrEqual(maxLength)
    }
  })

  test.each([
    ['words', 'lorem ipsum dolor '],
    ['openers', 'please can you '],
    ['slashes', 'a/'],
    ['dots', 'a.'],
    ['brackets', '{[(<'],
    ['capitals', 'AaBb'],
    ['hex', 'deadbeef1'],
    ['dashes', '-'],
    ['lines of code', 'const a = 1;\n'],
    ['frames', '    at foo (bar.ts:1:2)\n'],
    ['spaces', '    '],
    ['addresses', 'https://a.b/c '],
  ])('of 50 KB of %s are read in bounded time', (_, piece) => {
    const read = (text: string) => () => nameFrom([text.repeat(50_000 / text.length)])
    expect(timesTheWork(read(piece), read('the sidebar of the page flickers '))).toBeLessThan(30)
  })
})

/** What somebody wants, in the words of a change's title, and what another would call it. */
const titles: [string, string][] = [
  ['Retry the upload when the connection drops halfway', 'retry-dropped-upload'],
  ['`invoice export` crashes on customers without an address', 'invoice-export-crash'],
  ['Let the search box accept quoted phrases', 'search-quoted-phrases'],
  ['Remove the unused feature flag for the old checkout', 'remove-checkout-flag'],
  ['fix(cache): entries never expire when the clock goes back', 'cache-expire-clock'],
  ['Document how backups are restored on a new host', 'document-restore-backups'],
  ['Bump the base image to Debian 13', 'debian-13-image'],
  ['Stop logging session tokens in the gateway', 'no-tokens-in-gateway-log'],
  ['Speed up the nightly report by reading partitions in parallel', 'parallel-nightly-report'],
  ['Show time zones in the calendar view', 'calendar-time-zones'],
  ['Validate webhook signatures before parsing the body', 'webhook-signature-check'],
  ['Migrate avatars from local disk to object storage', 'avatars-object-storage'],
]

/** How many words a title's name has in common with what a person calls it. */
function common([title, theirs]: [string, string]): number {
  const person = new Set(theirs.split('-').map((word) => stemmer(word)))
  return (nameFrom([title]) ?? '').split('-').filter((word) => person.has(stemmer(word))).length
}

test('a name shares a word with the one that a person gave, and mostly two', () => {
  expect(titles.filter((row) => common(row) === 0)).toEqual([])
  expect(titles.filter((row) => common(row) > 1).length).toBeGreaterThanOrEqual(8)
})

test('the bench scores the table that is named, and without one says what it needs and ends with 2', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'q-names-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const rows = titles.map(([title, name], at) => `${at % 2 ? 'one' : 'two'}/repo\t${at}\t${title}\t${name}`)
  const file = join(directory, 'titles.tsv')
  writeFileSync(file, ['repository\tpull_request\ttitle\tbranch', ...rows, ''].join('\n'))
  const bench = (...words: string[]) => endOf(startChild(new URL('names.ts', benches), words))
  const refit = (...words: string[]) => endOf(startChild(new URL('fit-names.ts', benches), words))

  const scored = await bench('--titles', file)
  expect(scored).toMatchObject({ code: 0, errors: '' })
  expect(scored.lines).toContainEqual(
    expect.stringMatching(/^\| one\/repo \| ours, held out \| 20 \| [\d.]+ /),
  )
  expect(scored.lines).toContainEqual(
    expect.stringMatching(/^\| all \| ours, as shipped \| 20 \| 1\.000 \| /),
  )
  expect((await refit('--titles', file, '--dry')).lines).toContainEqual(
    expect.stringContaining('fitted on all'),
  )

  for (const words of [
    [],
    ['--titles', join(directory, 'none')],
    [file],
    ['--titles', fileURLToPath(import.meta.url)],
  ])
    for (const run of [bench, refit]) {
      const { code, lines, errors } = await run(...words)
      expect({ code, lines }, words.join()).toEqual({ code: 2, lines: [] })
      expect(errors).toMatch(/usage: .* --titles FILE[\s\S]*repository, pull_request, title, branch/)
    }
})

const benches = new URL('../../bench/naming/', import.meta.url)

async function endOf(child: Child) {
  return { code: await child.ended, lines: child.lines, errors: child.errors() }
}

function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
