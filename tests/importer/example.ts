/** The history of a conversation as Amazon Q CLI writes it: a prompt, a tool use, its result, an answer. */
export const toolTalk = [
  {
    user: {
      additional_context: '',
      env_context: { env_state: null },
      content: { Prompt: { prompt: 'list the files here' } },
      timestamp: '2025-11-20T09:30:00.123456789+01:00',
      images: null,
    },
    assistant: {
      ToolUse: {
        message_id: 'm1',
        content: "I'll list it.",
        tool_uses: [
          {
            id: 'tooluse_abc123',
            name: 'execute_bash',
            orig_name: 'execute_bash',
            args: { command: 'ls' },
            orig_args: { command: 'ls' },
          },
        ],
      },
    },
    request_metadata: null,
  },
  {
    user: {
      additional_context: '',
      env_context: { env_state: null },
      content: {
        ToolUseResults: {
          tool_use_results: [
            {
              tool_use_id: 'tooluse_abc123',
              content: [{ Json: { exit_status: '0', stdout: 'README.md', stderr: '' } }],
              status: 'Success',
            },
          ],
        },
      },
      timestamp: null,
      images: null,
    },
    assistant: { Response: { message_id: 'm2', content: 'One file: README.md.' } },
    request_metadata: null,
  },
]

export const exampleId = '40559d56-3f0a-45be-b9ce-82a6dcd98448'

export function value(history: unknown, id: string | null = exampleId, more: object = {}): string {
  return JSON.stringify({
    conversation_id: id,
    history,
    valid_history_range: [0, 2],
    transcript: [],
    latest_summary: null,
    model_info: { model_id: 'claude-sonnet-4' },
    ...more,
  })
}

/** An entry `{user, assistant}` of a prompt and an answer. */
export function exchange(prompt: string, answer: string, timestamp: string | null = null): object {
  return {
    user: { content: { Prompt: { prompt } }, timestamp, images: null },
    assistant: { Response: { message_id: null, content: answer } },
  }
}
