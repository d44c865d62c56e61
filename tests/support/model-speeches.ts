/** A call of a tool, as a model makes it. */
export interface ToolCall {
  id: string
  name: string
  input: Record<string, unknown>
}

/** How an answer is spoken at an address: one of the protocols that agents ask in. */
export interface Speech {
  path: RegExp
  /** What is asked last, and by whom. */
  asked(body: Record<string, unknown>): Asked
  begin: readonly unknown[]
  token(text: string): unknown
  end(said: string): readonly unknown[]
  /** A whole answer that is a tool call. */
  call(call: ToolCall): readonly unknown[]
  /** The same as text, for whoever does not want it streamed. */
  whole(said: string): unknown
  line(event: unknown): string
  last: string
}

export interface Asked {
  /** The last prompt of the user; '' when what is asked last is the result of a tool. */
  prompt: string
  afterTool: boolean
  /** What the tool gave, as JSON. */
  result: string
  /** All that was said so far, as JSON. */
  before: string
  /** The names of the tools that are offered: what agents ask on the side, such as for a title, offers none. */
  tools: readonly string[]
}

const named = (event: unknown): string =>
  `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`

const message = {
  id: 'msg_0',
  type: 'message',
  role: 'assistant',
  model: 'fake-model',
  content: [] as unknown[],
  stop_reason: null as string | null,
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 1 },
}

const messages: Speech = {
  path: /\/messages/,
  asked({ messages = [], tools }) {
    const last = listOf(messages).findLast(({ role }) => role === 'user')
    const parts = partsOf(last?.content).filter(({ text }) => !/^\s*<system-reminder>/.test(String(text)))
    // Behind the result of a tool that was interrupted the next prompt may stand.
    const results = parts.at(-1)?.type === 'tool_result' ? parts : []
    return asked(results, parts.at(-1), messages, tools)
  },
  begin: [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ],
  token: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  end: () => [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ],
  call: ({ id, name, input }) => [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id, name, input: {} } },
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
    },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ],
  whole: (text) => ({ ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn' }),
  line: named,
  last: '',
}

const response = {
  id: 'resp_0',
  object: 'response',
  created_at: 1,
  status: 'in_progress',
  model: 'fake-model',
  output: [] as unknown[],
}
const item = {
  type: 'message',
  id: 'm_0',
  role: 'assistant',
  status: 'in_progress',
  content: [] as unknown[],
}

const responses: Speech = {
  path: /\/responses/,
  asked({ input = [], tools }) {
    const last = typeof input === 'string' ? { content: input } : listOf(input).at(-1)
    const results = last && /_output$/.test(String(last.type)) ? [last] : []
    return asked(results, partsOf(last?.content).at(-1), input, tools)
  },
  begin: [
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item },
    {
      type: 'response.content_part.added',
      item_id: 'm_0',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '' },
    },
  ],
  token: (delta) => ({
    type: 'response.output_text.delta',
    item_id: 'm_0',
    output_index: 0,
    content_index: 0,
    delta,
  }),
  end: (text) => responseEnd(saidItem(text)),
  call({ id, name, input }) {
    const call = {
      type: 'function_call',
      id: `fc_${id}`,
      call_id: id,
      name,
      arguments: JSON.stringify(input),
      status: 'completed',
    }
    return [
      { type: 'response.created', response },
      { type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '' } },
      ...responseEnd(call),
    ]
  },
  whole: (text) => ({ ...response, status: 'completed', output: [saidItem(text)] }),
  line: named,
  last: '',
}

function saidItem(text: string): unknown {
  return { ...item, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] }
}

function responseEnd(done: unknown): unknown[] {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  }
  return [
    { type: 'response.output_item.done', output_index: 0, item: done },
    { type: 'response.completed', response: { ...response, status: 'completed', output: [done], usage } },
  ]
}

const chunk = (delta: unknown, finish: string | null = null) => ({
  id: 'chat_0',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'fake-model',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
const chatEnd = (reason: string) => [
  chunk({}, reason),
  { ...chunk({}), choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
]

const chat: Speech = {
  path: /\/chat\/completions/,
  asked({ messages = [], tools }) {
    const last = listOf(messages).at(-1)
    return asked(last?.role === 'tool' ? [last] : [], partsOf(last?.content).at(-1), messages, tools)
  },
  begin: [chunk({ role: 'assistant', content: '' })],
  token: (content) => chunk({ content }),
  end: () => chatEnd('stop'),
  call: ({ id, name, input }) => [
    chunk({ role: 'assistant', content: '' }),
    chunk({
      tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: JSON.stringify(input) } }],
    }),
    ...chatEnd('tool_calls'),
  ],
  whole: (content) => ({
    ...chunk({}),
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
  }),
  line: (event) => `data: ${JSON.stringify(event)}\n\n`,
  last: 'data: [DONE]\n\n',
}

export const speeches: readonly Speech[] = [messages, responses, chat]

/** An event with ids of its own for an answer: agents tell answers apart by them. */
export function withIds(event: unknown, answer: number): unknown {
  return JSON.parse(JSON.stringify(event).replaceAll(/"(msg|resp|m|chat)_0"/g, `"$1_${answer}"`))
}

type Json = Record<string, unknown>

function asked(results: readonly Json[], last: Json | undefined, before: unknown, tools: unknown): Asked {
  const afterTool = results.length > 0
  return {
    prompt: !afterTool && typeof last?.text === 'string' ? last.text : '',
    afterTool,
    result: afterTool ? JSON.stringify(results) : '',
    before: JSON.stringify(before),
    tools: namesOf(tools),
  }
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value)
    ? value.filter((one): one is Json => typeof one === 'object' && one !== null)
    : []
}

/** What is said in a message: a text, or parts of some kind. */
function partsOf(content: unknown): Json[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content)
}

function namesOf(tools: unknown): string[] {
  return listOf(tools).map((tool) => {
    const inner = tool.function as Json | undefined
    return String(tool.name ?? inner?.name ?? tool.type)
  })
}
