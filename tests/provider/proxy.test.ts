import { expect, test } from 'vitest'
import { proxyFor } from '../../src/provider/http/proxy.ts'
import { openaiProvider } from '../../src/provider/openai/openai.ts'
import { secretsOf } from '../../src/provider/redact.ts'
import { ask, bedrock, failureIn, keys, now, serve, settings } from './harness.ts'

const https = new URL('https://bedrock-runtime.us-east-1.amazonaws.com')

test.each([
  ['proxy.corp:3128', 'http://proxy.corp:3128/'],
  ['10.1.2.3:8080', 'http://10.1.2.3:8080/'],
  ['proxy', 'http://proxy/'],
  ['me:pw@proxy:3128', 'http://me:pw@proxy:3128/'],
  ['[::1]:3128', 'http://[::1]:3128/'],
  ['//proxy:3128', 'http://proxy:3128/'],
  [' http://proxy:3128 ', 'http://proxy:3128/'],
  ['https://proxy:3129', 'https://proxy:3129/'],
  ['HTTP://proxy:1', 'http://proxy:1/'],
])('HTTPS_PROXY=%s is %s', (said, meant) => {
  expect(proxyFor(https, { HTTPS_PROXY: said })?.href).toBe(meant)
})

test('the variables count by scheme, in small letters first, ALL_PROXY last; empty ones do not', () => {
  const http = new URL('http://h')
  const env = { HTTP_PROXY: 'a:1', HTTPS_PROXY: 'b:1', ALL_PROXY: 'c:1' }
  expect([http, https].map((url) => proxyFor(url, env)?.host)).toEqual(['a:1', 'b:1'])
  expect(proxyFor(https, { ...env, https_proxy: 'd:1' })?.host).toBe('d:1')
  expect(proxyFor(https, { HTTPS_PROXY: '', ALL_PROXY: 'c:1' })?.host).toBe('c:1')
  expect(proxyFor(https, { HTTP_PROXY: 'a:1', HTTPS_PROXY: ' ' })).toBeUndefined()
})

test.each([
  'socks5://h:1080',
  'socks5h://me:hush-hush@h:1080',
  'socks4://h',
  'ftp://h:21',
  'SOCKS://h:1',
  'http://[bad',
  'a b',
])('the proxy %s is refused by both providers with what to do, and never passed by', async (said) => {
  const server = await serve({ http1: true })
  const before = server.connections()
  for (const name of ['HTTP_PROXY', 'ALL_PROXY']) {
    const failure = failureIn(await ask(bedrock(server.url, { ...keys, [name]: said })))
    expect(failure).toMatchObject({
      kind: 'network',
      message: expect.stringContaining(`The proxy in ${name}`),
      hint: expect.stringMatching(/http:\/\/HOST:PORT.*NO_PROXY=127.0.0.1/),
    })
    expect(failure.message + failure.hint).not.toContain('hush-hush')
  }
  expect(server.connections()).toBe(before)
  const openai = openaiProvider(
    settings({ id: 'm' }),
    {
      OPENAI_BASE_URL: 'http://models.invalid/v1',
      HTTP_PROXY: said,
    },
    { now },
  )
  expect(failureIn(await ask(openai)).message).toContain('The proxy in HTTP_PROXY')
})

test.each([
  ['*', true],
  ['bedrock-runtime.us-east-1.amazonaws.com', true],
  ['amazonaws.com', true],
  ['.amazonaws.com', true],
  ['*.amazonaws.com', true],
  ['AMAZONAWS.COM', true],
  ['other.com, amazonaws.com', true],
  ['other.com amazonaws.com:443', true],
  ['amazonaws.com:8443', false],
  ['zonaws.com', false],
  ['us-east-1', false],
  ['amazonaws.com.evil.com', false],
  ['', false],
])('NO_PROXY=%s: without a proxy is %s', (exempt, expected) => {
  for (const name of ['NO_PROXY', 'no_proxy'])
    expect(proxyFor(https, { HTTPS_PROXY: 'p:1', [name]: exempt }) === undefined).toBe(expected)
})

test.each([
  ['http://10.1.2.3', '10.0.0.0/8', true],
  ['http://11.1.2.3', '10.0.0.0/8', false],
  ['http://[fd00::1]:80', 'fd00::/8', true],
  ['http://[::1]:9', '[::1]:9', true],
  ['http://[::1]:9', '::1', true],
  ['http://127.0.0.1:80', '127.0.0.1:80', true],
  ['http://127.0.0.1', '127.0.0.1:80', true],
  ['http://127.0.0.1', '0.0.0.0/99', false],
])('%s with NO_PROXY=%s goes without a proxy: %s', (url, exempt, expected) => {
  expect(proxyFor(new URL(url), { HTTP_PROXY: 'p:1', NO_PROXY: exempt }) === undefined).toBe(expected)
})

test('a password in a proxy without a scheme is a secret, too', () => {
  expect(secretsOf({ HTTPS_PROXY: 'me:hush-hush@proxy:1', all_proxy: 'socks5://me:hush%21now@h' })).toEqual(
    expect.arrayContaining(['hush-hush', 'hush%21now', 'hush!now']),
  )
})
