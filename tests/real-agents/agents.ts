import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How an agent's own program is got, started without any login against a local model, and used by hand. */
export interface RealAgent {
  kind: string
  npm: string
  command: string
  /** Makes its home such that it asks nothing first; its own flags, and its environment. */
  prepare(place: Place): { words: string[]; env: Record<string, string> }
  /** What its screen shows when it takes input. Only how it is used by hand goes by the screen. */
  ready: RegExp
  /** What its dialog for a tool shows. */
  dialog: RegExp
  /** Keys that say yes at the dialog, that leave it, and that end an answer. */
  yes: string[]
  leave: string[]
  interrupt: string[]
  /** What is typed to end it. */
  exit: string
}

export interface Place {
  home: string
  /** Where it works. */
  project: string
  /** The model server. */
  url: string
}

const claude: RealAgent = {
  kind: 'claude',
  npm: '@anthropic-ai/claude-code',
  command: 'claude',
  prepare({ home, project, url }) {
    const trusted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }
    const settings = { hasCompletedOnboarding: true, theme: 'dark', projects: { [project]: trusted } }
    writeFileSync(join(home, '.claude.json'), JSON.stringify(settings))
    return {
      words: ['--model', 'claude-sonnet-4-5'],
      env: {
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_AUTH_TOKEN: 'x',
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '0',
      },
    }
  },
  ready: /^❯/m,
  dialog: /Do you want to/,
  yes: ['Enter'],
  leave: ['Escape'],
  interrupt: ['Escape'],
  exit: '/exit',
}

const codex: RealAgent = {
  kind: 'codex',
  npm: '@openai/codex',
  command: 'codex',
  prepare({ home, project, url }) {
    const provider = `{name="fake",base_url="${url}/v1",wire_api="responses",env_key="OPENAI_API_KEY",request_max_retries=0,stream_max_retries=0}`
    mkdirSync(join(home, '.codex'), { recursive: true })
    writeFileSync(
      join(home, '.codex', 'config.toml'),
      `model="fake-model"\nmodel_provider="fake"\n[model_providers]\nfake=${provider}\n[projects."${project}"]\ntrust_level="trusted"\n`,
    )
    return { words: [], env: { OPENAI_API_KEY: 'x' } }
  },
  ready: /Ask Codex|^›/m,
  dialog: /Would you like to/,
  yes: ['Enter'],
  leave: ['Escape'],
  interrupt: ['Escape'],
  exit: '/quit',
}

const opencode: RealAgent = {
  kind: 'opencode',
  npm: 'opencode-ai',
  command: 'opencode',
  prepare({ home, url }) {
    const directory = join(home, '.config', 'opencode')
    mkdirSync(directory, { recursive: true })
    const fake = {
      npm: '@ai-sdk/openai-compatible',
      name: 'fake',
      options: { baseURL: `${url}/v1`, apiKey: 'x' },
      models: { 'fake-model': { name: 'fake', tool_call: true } },
    }
    const config = {
      $schema: 'https://opencode.ai/config.json',
      model: 'fake/fake-model',
      autoupdate: false,
      permission: { bash: 'ask', edit: 'ask' },
      provider: { fake },
    }
    writeFileSync(join(directory, 'opencode.json'), JSON.stringify(config))
    return { words: [], env: {} }
  },
  ready: /Ask anything|ctrl\+p/,
  dialog: /Permission required/,
  yes: ['Enter'],
  leave: ['Escape'],
  interrupt: ['Escape', 'Escape'],
  exit: '/exit',
}

export const realAgents: readonly RealAgent[] = [claude, codex, opencode]
