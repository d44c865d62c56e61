import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { status } from '../support/bedrock-script.ts'
import { ask, bedrock, failureIn, keyId, keys, said, secretKey, serve, until } from './harness.ts'

const onDemand =
  "Invocation of model ID anthropic.claude with on-demand throughput isn't supported. Retry with an inference profile."

test.each<[number, string, string, string, RegExp]>([
  [400, 'ValidationException', 'odd', 'invalid', /^$/],
  [400, 'ValidationException', onDemand, 'invalid', /q config set model.id us\.anthropic\./],
  [400, 'ValidationException', 'The provided model identifier is invalid.', 'invalid', /model.id us\./],
  [400, 'ValidationException', 'Input is too long for requested model.', 'overflow', /\/compact/],
  [400, 'ValidationException', 'prompt is too long: 210000 tokens > 200000 maximum', 'overflow', /\/compact/],
  [403, 'AccessDeniedException', "You don't have access to the model", 'access', /Model access/],
  [403, 'AccessDeniedException', 'is not authorized to perform: bedrock:InvokeModel', 'access', /IAM/],
  [403, 'AccessDeniedException', 'Please make sure your API Key is valid.', 'credentials', /export AWS_/],
  [403, 'ExpiredTokenException', 'The security token is expired', 'credentials', /export AWS_ACCESS_KEY_ID/],
  [403, 'UnrecognizedClientException', 'The security token is invalid.', 'credentials', /export AWS_/],
  [403, 'InvalidSignatureException', 'Signature expired: is now earlier', 'credentials', /clock/],
  [404, 'ResourceNotFoundException', 'Could not resolve the foundation model', 'invalid', /model.id us\./],
  [408, 'ModelTimeoutException', 'slow', 'timeout', /Ask again/],
  [424, 'ModelErrorException', 'odd', 'service', /Ask again/],
  [429, 'ThrottlingException', 'slowly', 'throttled', /Wait/],
  [429, 'SomethingElse', 'slowly', 'throttled', /Wait/],
  [500, 'InternalServerException', 'oops', 'service', /Ask again/],
  [503, 'ServiceUnavailableException', 'oops', 'service', /Ask again/],
  [502, '', '<html>Bad Gateway</html>', 'service', /AWS_ENDPOINT_URL/],
  [407, '', '<html>Who are you?</html>', 'network', /proxy/],
])('%i %s "%s" is a failure of kind %s', async (code, error, message, kind, hint) => {
  const server = await serve()
  const reply = [status(code, error, message)]
  server.respondWith(reply)
  const failure = failureIn(await ask(bedrock(server.url)))
  expect(failure.kind).toBe(kind)
  expect(failure.hint ?? '').toMatch(hint)
})

test.each([
  ['a port where nobody listens', 'http://127.0.0.1:1', /cannot be reached.*ECONNREFUSED/, /proxy/],
  ['a host that does not exist', 'https://bedrock.invalid', /bedrock.invalid was not found/, /AWS_REGION/],
  [
    'something that is no URL',
    'localhost',
    /Expected a URL to reach Bedrock, got localhost/,
    /AWS_ENDPOINT_URL/,
  ],
])("%s is a network failure without the SDK's own words for it", async (_what, url, message, hint) => {
  const failure = failureIn(await ask(bedrock(url)))
  expect(failure).toMatchObject({
    kind: 'network',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })
  expect(failure.message).not.toMatch(/pending stream/)
})

test('no secret gets into a message, whatever the service repeats', async () => {
  const server = await serve()
  const token = 'FwoGZXIvYXdzEXAMPLEsession/token=='
  const bearer = 'bedrock-api-key-YmVkcm9jaw=='
  const leak = `key ${keyId} of ${secretKey}
    Authorization: AWS4-HMAC-SHA256 Credential=${keyId}/20261122/us-east-1, Signature=deadbeef0123
    x-amz-security-token:${token} and ASIAQQQQQQQQQQQQQQQQ, Bearer ${bearer} \u001b[31m http://me:pw@proxy`
  server.respondWith([status(400, 'ValidationException', leak)])
  const env = { ...keys, AWS_SESSION_TOKEN: token }
  const { message } = failureIn(await ask(bedrock(server.url, env)))
  expect(message).toContain('[hidden]')
  for (const secret of [keyId, secretKey, token, bearer, 'deadbeef', 'ASIAQ', 'me:pw', '\u001b', '\n']) {
    expect(message).not.toContain(secret)
  }
})

test.each<[number, string, string, string]>([
  [400, '{"error":{"message":"bad thing","type":"invalid_request"}}', 'bad thing', 'invalid'],
  [401, '{"error":"who are you"}', 'who are you', 'credentials'],
  [
    403,
    '<html><title>Blocked</title><script>x<y</script><h1>by policy</h1></html>',
    'Blocked by policy',
    'access',
  ],
  [404, 'no such route', 'no such route', 'invalid'],
  [404, '{"detail":"Not Found"}', 'Not Found', 'invalid'],
  [409, '', 'it did not say why', 'invalid'],
  [429, '{"errors":[{"message":"slow down"}]}', 'slow down', 'throttled'],
  [500, '{"message":"oops"}', 'oops', 'service'],
  [502, '<html><h1>Bad Gateway</h1></html>', 'Bad Gateway', 'service'],
  [503, 'upstream connect error', 'upstream connect error', 'service'],
  [302, '', 'it did not say why', 'service'],
])("%i with the body %s, which is not AWS's own, keeps status and words", async (code, body, words, kind) => {
  const server = await serve()
  server.respondWith([status(code, '', body)])
  const failure = failureIn(await ask(bedrock(server.url)))
  expect(failure.kind).toBe(kind)
  expect(failure.message).toContain(` answered ${code}, `)
  expect(failure.message).toContain(words)
  expect(failure.message).not.toMatch(/UnknownError|JSON/)
})

test('a web page in place of an answer is said, not waited for', async () => {
  const page = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in to the network</h1>')
  })
  page.listen(0, '127.0.0.1')
  await once(page, 'listening')
  onTestFinished(() => void page.close())
  const failure = failureIn(await ask(bedrock(`http://127.0.0.1:${(page.address() as AddressInfo).port}`)))
  expect(failure).toMatchObject({
    kind: 'service',
    message: expect.stringContaining('Log in to the network'),
  })
})

test('an endpoint that speaks only HTTP/1.1 is spoken to in it, and asked once which one it speaks', async () => {
  const server = await serve({ http1: true })
  const provider = bedrock(server.url)
  expect(said(await ask(provider, 'say plain'))).toBe('plain')
  server.respondWith([status(400, 'ValidationException', 'odd')])
  expect(failureIn(await ask(provider)).message).toContain('odd')
  expect(said(await ask(bedrock(server.url), 'say again'))).toBe('again')
  expect(server.requests).toHaveLength(3)
  expect(server.requests.every(({ headers }) => headers.host !== undefined)).toBe(true)
  await until(() => server.connections() === 0, 'no connection is left')
})
