import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { ask, bedrock, failureIn, home, keys, said, serve, until } from './harness.ts'

/** Forwards what comes in absolute form to `target`, whatever its host; tunnels to it, or refuses to. Notes both. */
async function startProxy(target?: string) {
  const seen: string[] = []
  const proxy = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    const { pathname } = new URL(incoming.url ?? '')
    const { method = 'POST', headers } = incoming
    const onward = request(new URL(pathname, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  proxy.on('connect', (incoming, socket) => {
    seen.push(`CONNECT ${incoming.url}`)
    if (!target) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const onward = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

/** A certificate for bedrock.test that this process trusts until the test is over. */
function trustedCertificate() {
  const directory = home()
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const name = ['-subj', '/CN=bedrock.test', '-addext', 'subjectAltName=DNS:bedrock.test,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' })
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, pair.cert])
  onTestFinished(() => tls.setDefaultCACertificates(before))
  return pair
}

const withOpenssl = test.runIf(spawnSync('openssl', ['version']).status === 0)

withOpenssl('over TLS the answer comes by HTTP/2', async () => {
  const server = await serve({ tls: trustedCertificate() })
  expect(said(await ask(bedrock(server.url), 'say safe'))).toBe('safe')
  expect(server.requests[0]?.headers[':method']).toBe('POST')
  await until(() => server.connections() === 0, 'no connection is left')
})

withOpenssl('over TLS a server that knows only HTTP/1.1 is spoken to in it', async () => {
  const server = await serve({ tls: trustedCertificate(), http1: true })
  expect(said(await ask(bedrock(server.url), 'say older'))).toBe('older')
  expect(said(await ask(bedrock(server.url), 'say again'))).toBe('again')
  expect(server.requests.map(({ headers }) => headers[':method'])).toEqual([undefined, undefined])
  await until(() => server.connections() === 0, 'no connection is left')
})

withOpenssl('over TLS a server that agrees on no protocol is spoken to in HTTP/1.1', async () => {
  const plain = createServer((incoming, outgoing) => {
    incoming.resume()
    outgoing.writeHead(400, { 'x-amzn-errortype': 'ValidationException' }).end('{"message":"odd"}')
  })
  const server = tls.createServer(trustedCertificate(), (socket) => void plain.emit('connection', socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(failureIn(await ask(bedrock(`https://127.0.0.1:${port}`))).message).toContain('odd')
})

withOpenssl('an answer comes through the tunnel of a proxy, and leaves no connection', async () => {
  const server = await serve({ tls: trustedCertificate() })
  const proxy = await startProxy(server.url)
  const provider = bedrock('https://bedrock.test', { ...keys, HTTPS_PROXY: proxy.url })
  expect(said(await ask(provider, 'say tunnel'))).toBe('tunnel')
  expect(proxy.seen).toEqual(['CONNECT bedrock.test:443'])
  await until(() => server.connections() === 0, 'no connection is left')
})

withOpenssl('a certificate that is not trusted is told apart', async () => {
  const pair = trustedCertificate()
  const server = await serve({ tls: pair })
  tls.setDefaultCACertificates(tls.getCACertificates('bundled'))
  const failure = failureIn(await ask(bedrock(server.url)))
  expect(failure).toMatchObject({ kind: 'network', hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
})

test.each(['HTTP_PROXY', 'http_proxy'])('%s carries the request to an http endpoint', async (variable) => {
  const server = await serve({ http1: true })
  const proxy = await startProxy(server.url)
  const provider = bedrock('http://bedrock.invalid', { ...keys, [variable]: proxy.url })
  expect(said(await ask(provider, 'say through'))).toBe('through')
  expect(proxy.seen[0]).toMatch(/^POST http:\/\/bedrock.invalid(:80)?\/model\//)
})

test.each(['HTTPS_PROXY', 'https_proxy'])('%s is asked for a tunnel to the region', async (variable) => {
  const proxy = await startProxy()
  const env = { ...keys, [variable]: proxy.url, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: undefined }
  const failure = failureIn(await ask(bedrock('', env)))
  expect(proxy.seen[0]).toBe('CONNECT bedrock-runtime.eu-west-1.amazonaws.com:443')
  expect(failure).toMatchObject({ kind: 'network', hint: expect.stringContaining('proxy') })
})

test('NO_PROXY leaves the proxy alone', async () => {
  const server = await serve({ http1: true })
  const proxy = await startProxy(server.url)
  const env = { ...keys, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' }
  expect(said(await ask(bedrock(server.url, env), 'say direct'))).toBe('direct')
  expect(proxy.seen).toEqual([])
})

test('a proxy that is not there is a network failure', async () => {
  const env = { ...keys, HTTP_PROXY: 'http://127.0.0.1:1' }
  expect(failureIn(await ask(bedrock('http://bedrock.invalid', env))).kind).toBe('network')
})

test('a proxy that is no URL is named, its password is not', async () => {
  const env = { ...keys, HTTP_PROXY: 'http://me:hush-hush@[bad' }
  const failure = failureIn(await ask(bedrock('http://bedrock.invalid', env)))
  expect(failure).toMatchObject({
    kind: 'network',
    message: 'The proxy in HTTP_PROXY is not a URL',
  })
  expect(failure.message).not.toContain('hush-hush')
})

test('a proxy that accepts and says nothing is given up in less than 2 s', async () => {
  const mute = createTcpServer()
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const env = { ...keys, HTTPS_PROXY: `http://127.0.0.1:${(mute.address() as AddressInfo).port}` }
  const failure = failureIn(await ask(bedrock('https://bedrock.invalid', env)))
  mute.close()
  expect(failure).toMatchObject({ kind: 'network', message: expect.stringContaining('cannot be reached') })
})

test.runIf(process.platform === 'linux')(
  'a host that drops packets is given up in less than 2 s',
  async () => {
    // A listener that never accepts: when its backlog is full, the kernel drops what else arrives.
    const script = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('fs').writeSync(1, s.address().port + '\\n')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20000) })`
    const child = spawn(process.execPath, ['-e', script])
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = await once(child.stdout, 'data')
    const fill = Array.from({ length: 6 }, () => connect(Number(said), '127.0.0.1').on('error', () => {}))
    onTestFinished(() => {
      for (const socket of fill) socket.destroy()
    })
    await once(fill[0] as Socket, 'connect')
    const failure = failureIn(await ask(bedrock(`http://127.0.0.1:${Number(said)}`)))
    expect(failure).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('no connection to 127.0.0.1'),
    })
  },
)
