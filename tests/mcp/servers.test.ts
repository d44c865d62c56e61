import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { project } from '../tools/harness.ts'
import { living, type McpLab, openMcp, pidsIn } from './harness.ts'

const anything = () => new AbortController().signal
const starts = (mcp: McpLab) => mcp.log().filter((line) => line.startsWith('start')).length
const namesOf = async (mcp: McpLab) => (await mcp.servers.tools(anything())).map(({ name }) => name)
const stateOf = async (mcp: McpLab) => (await mcp.servers.describe())[0]?.state

describe('the list of tools', () => {
  test('is asked for once, kept as a private file, and a later session starts nothing to know it', async () => {
    const first = openMcp([])
    expect(await namesOf(first)).toContain('s___echo')
    expect(starts(first)).toBe(1)
    const [file = ''] = readdirSync(first.lists).filter((name) => name.endsWith('.json'))
    expect(statSync(join(first.lists, file)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(first.lists, file), 'utf8')).not.toMatch(/mine|MCP_LOG/)
    await first.servers.close()

    const second = openMcp([], {}, {}, first.directory)
    expect(await namesOf(second)).toEqual(await namesOf(first))
    expect(await stateOf(second)).toBe('not started, 11 tools')
    expect(starts(second)).toBe(1)
  })

  test.each([
    ['empty', ''],
    ['cut', '{"v":1,"tools":[{"name":"ec'],
    ['of another version', '{"v":2,"tools":[],"leftOut":""}'],
    [
      'of something else',
      '{"v":1,"tools":[{"name":"x y","description":"","schema":{"type":"object"}}],"leftOut":""}',
    ],
    ['without schemas', '{"v":1,"tools":[{"name":"echo","description":""}],"leftOut":""}'],
  ])('that is kept %s is as none', async (_, text) => {
    const first = openMcp([])
    await first.servers.tools(anything())
    await first.servers.close()
    const [file = ''] = readdirSync(first.lists).filter((name) => name.endsWith('.json'))
    writeFileSync(join(first.lists, file), text)
    const second = openMcp([], {}, {}, first.directory)
    expect(await namesOf(second)).toContain('s___echo')
    expect(starts(second)).toBe(2)
  })

  test('is made by one of several sessions that need it at once', async () => {
    const directory = project()
    const all = [1, 2, 3].map(() => openMcp(['slow-list'], {}, {}, directory))
    const lists = await Promise.all(all.map(namesOf))
    for (const names of lists) expect(names).toContain('s___echo')
    expect(starts(all[0] as McpLab)).toBe(1)
  })

  test('comes in pages', async () => {
    expect(await namesOf(openMcp(['pages']))).toEqual(await namesOf(openMcp([])))
  })

  test('that is slow is not waited for: the turn goes on, says so once, and the next one has it', async () => {
    const mcp = openMcp(['slow-list'], {}, { turn: 50 })
    expect(await namesOf(mcp)).toEqual([])
    expect(mcp.said).toEqual([expect.stringMatching(/^MCP server s has not told its tools yet/)])
    await until(async () => (await namesOf(mcp)).length > 0)
    expect(mcp.said).toHaveLength(1)
    expect(starts(mcp)).toBe(1)
  })

  test('is waited for no longer than the turn', async () => {
    const mcp = openMcp(['hang-list'])
    const stop = new AbortController()
    const tools = mcp.servers.tools(stop.signal)
    await until(() => mcp.log().includes('tools/list'))
    stop.abort()
    expect(await tools).toEqual([])
  })

  test('changes when the server says so, and what is kept with it', async () => {
    const mcp = openMcp([])
    expect((await mcp.call('grow')).content).toBe('grown')
    await until(async () => (await namesOf(mcp)).includes('s___grown_0'))
    await mcp.servers.close()
    expect(await namesOf(openMcp([], {}, {}, mcp.directory))).toContain('s___grown_0')
  })

  test('of a server without tools is empty', async () => {
    const mcp = openMcp(['no-tools'])
    expect(await namesOf(mcp)).toEqual([])
    expect(await stateOf(mcp)).toBe('running, 0 tools')
  })
})

describe('what a hostile server says of its tools', () => {
  test('is cleaned, and what a model service would refuse is left out with one line', async () => {
    const mcp = openMcp(['hostile'])
    const tools = await mcp.servers.tools(anything())
    expect(tools.map(({ name }) => name)).toEqual(['s___good', 's___top'])
    expect(tools[0]?.tool.description).toBe('Reads things')
    expect(tools[1]?.tool.schema).toEqual({ type: 'object', properties: { text: { type: 'string' } } })
    expect(mcp.said).toEqual([expect.stringMatching(/^MCP server s: 10 tools are left out: /)])
    expect(mcp.said.join()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('thousands of tools are capped', async () => {
    const mcp = openMcp(['thousands'])
    expect(await namesOf(mcp)).toHaveLength(128)
    expect(mcp.said).toEqual([expect.stringContaining('4872 tools are left out: more than 128 tools')])
  })

  test('ten megabytes are capped', async () => {
    const mcp = openMcp(['huge'])
    const tools = await mcp.servers.tools(anything())
    expect(JSON.stringify(tools.map(({ tool }) => tool)).length).toBeLessThan(310_000)
    expect(tools.length).toBeGreaterThan(50)
    expect(mcp.said).toHaveLength(1)
  })
})

describe('a call', () => {
  test('brings what the tool says, as text', async () => {
    const mcp = openMcp([])
    expect(await mcp.call('echo', { text: 'hällo\n' })).toEqual({
      content: 'echo: {"text":"hällo\\n"}',
      status: 'success',
    })
    expect(await mcp.call('fail')).toEqual({ content: 'it did not work', status: 'error' })
    const { content } = await mcp.call('pictures')
    expect(content.split('\n')).toEqual([
      'look:',
      '[an image of type image/png, 3000 bytes: it cannot be shown here]',
      '[a resource: a · file:///a]',
      '[the resource file:///b:]',
      'inside b',
      '[something of the kind "hologram": it cannot be shown here]',
    ])
    expect(starts(mcp)).toBe(1)
  })

  test('that the server refuses is an error result, without its escape sequences', async () => {
    const { content, status } = await openMcp([]).call('refuse')
    expect(status).toBe('error')
    expect(content).toMatch(/^The MCP server s: .*no such {2}thing/)
  })

  test('gets the environment that it is given, its own variables, and the working directory as its root', async () => {
    const mcp = openMcp([])
    const env = JSON.parse((await mcp.call('env')).content)
    expect(Object.keys(env).sort()).toEqual(['MCP_LOG', 'PATH', 'SECRET_OF_ITS_OWN'])
    expect(JSON.parse((await mcp.call('roots')).content).roots[0].uri).toBe(`file://${mcp.directory}`)
  })

  test('in which the server wants a model is declined', async () => {
    expect(JSON.parse((await openMcp([]).call('sampling')).content)).toMatchObject({ code: -32601 })
  })

  test('that hangs is over at once when the user stops it, and the server hears of it', async () => {
    const mcp = openMcp([], { timeout_s: 3600 })
    const stop = new AbortController()
    const result = mcp.call('hang', {}, stop.signal)
    await until(() => mcp.log().includes('tools/call hang'))
    stop.abort()
    expect(await result).toEqual({ content: 'Stopped by the user.', status: 'error' })
    await until(() => mcp.log().includes('notifications/cancelled'))
    expect((await mcp.call('echo')).status).toBe('success')
    expect(starts(mcp)).toBe(1)
  })

  test('that takes too long is given up', async () => {
    const mcp = openMcp([], { timeout_s: 1 })
    expect(await mcp.call('hang')).toEqual({
      content: 'The MCP server s: it did not answer within 1 s',
      status: 'error',
    })
    await until(() => mcp.log().includes('notifications/cancelled'))
  })

  test('in which the server dies says how, with its last words, and the next one starts it anew', async () => {
    const mcp = openMcp([])
    expect(await mcp.call('die')).toEqual({
      content: 'The MCP server s is gone: it ended with exit code 7; its last words:\nout of cheese',
      status: 'error',
    })
    expect(await stateOf(mcp)).toMatch(/^failed: it ended with exit code 7/)
    expect((await mcp.call('echo')).status).toBe('success')
    expect(starts(mcp)).toBe(2)
  })

  test('is tried three times in a row, and again after the next prompt', async () => {
    const mcp = openMcp([])
    const { server } = await mcp.tool('die')
    for (const _ of [1, 2, 3]) await server.call('die', {}, anything())
    const { content } = await server.call('echo', {}, anything())
    expect(content).toMatch(
      /did not start: it failed 3 times in a row and is left alone until the next prompt/,
    )
    expect(starts(mcp)).toBe(3)
    expect((await mcp.call('echo')).status).toBe('success')
  })

  test('goes through garbage on standard output', async () => {
    expect((await openMcp(['garbage']).call('echo')).status).toBe('success')
  })
})

describe('a server that does not start', () => {
  test.each([
    [
      'dies',
      ['die-at-start'],
      {},
      /^failed: it ended with exit code 3; its last words: cannot find the config$/,
    ],
    ['hangs', ['hang-at-start'], {}, /^failed: it did not answer within 0.5 s$/],
    ['is not there', [], { command: 'no-such-program' }, /^failed: there is no command no-such-program$/],
    [
      'is no program',
      [],
      { command: '/etc/passwd' },
      /^failed: \/etc\/passwd may not be run: permission denied$/,
    ],
    [
      'only talks',
      ['flood', 'hang-at-start'],
      {},
      /^failed: it was ended: what it writes on standard output is not MCP$/,
    ],
  ])(
    'because it %s says so once, and is not started for its list for ever',
    async (how, modes, changes, why) => {
      const mcp = openMcp(modes, changes, how === 'hangs' ? { start: 500 } : {})
      expect(await namesOf(mcp)).toEqual([])
      expect(await stateOf(mcp)).toMatch(why)
      for (const _ of [1, 2, 3, 4]) {
        await namesOf(mcp)
        await until(async () => (await stateOf(mcp))?.startsWith('failed'))
      }
      expect(mcp.said).toEqual([expect.stringMatching(/^MCP server s: /)])
      expect(starts(mcp)).toBeLessThanOrEqual(3)
    },
  )
})

test('a server that is disabled is not started and has no tools', async () => {
  const mcp = openMcp([], { disabled: true })
  expect(await namesOf(mcp)).toEqual([])
  expect(await stateOf(mcp)).toBe('disabled')
  expect(mcp.log()).toEqual([])
})

describe('its process', () => {
  test('ends when nobody calls it for a while, and comes back with the next call', async () => {
    const mcp = openMcp([], {}, { idle: 50 })
    await mcp.call('echo')
    await until(() => mcp.log().includes('end of input'))
    await until(async () => (await stateOf(mcp)) === 'not started, 11 tools')
    expect((await mcp.call('echo')).status).toBe('success')
  })

  test('ends with the session, with what it started, also when both are deaf to the end of input and to TERM', async () => {
    const mcp = openMcp(['deaf'])
    await mcp.call('echo')
    const pids = pidsIn(mcp.log())
    expect(pids).toHaveLength(2)
    expect(pids.filter(living)).toEqual(pids)
    await mcp.servers.close()
    // What was killed is gone when its parent has heard of it.
    await until(() => pids.filter(living).length === 0)
  })

  test('ends with a session that goes away while it starts', async () => {
    const mcp = openMcp(['deaf', 'hang-at-start'])
    const tools = mcp.servers.tools(anything())
    await until(() => mcp.log().includes('initialize'))
    await mcp.servers.close()
    expect(await tools).toEqual([])
    await until(() => pidsIn(mcp.log()).filter(living).length === 0)
    expect(mcp.said).toEqual([])
  })
})
