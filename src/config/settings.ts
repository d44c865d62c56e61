import { type LineCommand, lineCommands } from '../domain/line-commands.ts'

/** Every key of config.toml: what it may be, what it is when nobody says otherwise, and what it does. */
export const settingsTable = {
  sessions: {
    multi_session_enabled: {
      type: 'boolean',
      default: false,
      description: 'Plain `q chat` opens the workspace',
    },
    max_active_sessions: whole(10, 1, 500, 'How many sessions may be open at once'),
    auto_generate_names: {
      type: 'boolean',
      default: true,
      description: 'Name a session after its first prompt',
    },
    name_with_model: {
      type: 'boolean',
      default: false,
      description: 'Let the model choose the generated name',
    },
    name_max_length: whole(20, 8, 64, 'Longest generated session name, in characters'),
    persist_sessions: {
      type: 'boolean',
      default: true,
      description: 'Bring the open sessions back at the next start',
    },
    sleep_after_minutes: whole(
      60,
      0,
      10_080,
      'Minutes until a session that nobody looks at or prompts goes without a process, until somebody does; 0: never',
    ),
    cleanup_after_days: whole(30, 0, 3650, 'Days until a completed session is deleted; 0 keeps it for good'),
  },
  ui: {
    show_session_indicator: {
      type: 'boolean',
      default: true,
      description: 'Show the waiting sessions in the corner',
    },
    indicator_position: words(
      ['top-right', 'top-left', 'bottom-right', 'bottom-left'],
      'Corner that shows the waiting sessions',
    ),
    indicator_layout: words(['inline', 'stacked'], 'Names side by side, or one a line (at most five lines)'),
    default_agent: text(
      /^[a-z0-9][a-z0-9_-]{0,31}$/,
      'the name of an agent, such as "chat" or "claude"',
      'Whose program a new session runs when nobody says: `chat`, ours, or another agent (`q mux hooks`)',
    ),
    max_indicator_sessions: whole(5, 1, 9, 'How many names the corner shows before `+N more`'),
    bell: {
      type: 'boolean',
      default: false,
      description: 'Ring the terminal bell in its window when a session begins to wait',
    },
    notify: {
      type: 'boolean',
      default: false,
      description: 'Have the terminal show a notification (OSC 9) when a session begins to wait',
    },
    on_waiting: {
      type: 'command',
      default: undefined,
      description: 'Program to run, without a shell, when a session begins to wait',
    },
    show_turn_stats: {
      type: 'boolean',
      default: true,
      description: 'Say below an answer how many tokens and seconds it took, and of which model it is',
    },
    plain: {
      type: 'boolean',
      default: false,
      description: 'Show answers as the raw text they are, without rendering Markdown',
    },
  },
  model: {
    provider: words(['auto', 'bedrock', 'openai', 'guide'], 'Where answers come from'),
    id: text(
      /^[\x21-\x7e]{1,256}$/,
      'a model id of 1 to 256 printable characters',
      'Model id, as its provider writes it',
    ),
    base_url: {
      type: 'url',
      default: undefined,
      description: 'Address of an OpenAI-compatible server; OPENAI_BASE_URL goes before it',
    },
    region: text(/^[a-z0-9-]{1,64}$/, 'an AWS region such as "us-east-1"', 'AWS region to ask for answers'),
    context_window: whole(
      0,
      0,
      10_000_000,
      "The model's window in tokens; 0 takes what is known of the model",
    ),
    auto_compact: {
      type: 'boolean',
      default: true,
      description: 'Have a long conversation summarized before it overruns the window',
    },
    first_token_timeout_s: whole(120, 1, 3600, 'Seconds to wait for the beginning of an answer'),
    retry_for_s: whole(
      600,
      0,
      86_400,
      'Seconds for which a request that was refused for the moment is sent again; 0: it is not',
    ),
    idle_timeout_s: whole(60, 1, 3600, 'Seconds of silence in mid-answer before it counts as failed'),
  },
  tools: {
    allow: list('Tool rules that run without asking, such as `execute_bash(git status *)`'),
    deny: list('Tool rules that never run; they count before every other'),
    timeout_s: whole(120, 1, 86_400, 'Seconds after which a command of the model is ended'),
  },
  keys: {
    next_waiting: { type: 'key', default: 'a', description: 'Key after the prefix: next waiting session' },
    back: { type: 'key', default: 'A', description: 'Key after the prefix: back to where you were' },
    pick: { type: 'key', default: 'S', description: 'Key after the prefix: session picker' },
    new: { type: 'key', default: 'N', description: 'Key after the prefix: new session' },
  },
  'keys.line': lineSettings(),
} as const satisfies Record<string, Record<string, Setting>>

/** One key of the table. `type` decides which values it takes (`check.ts`). */
export type Setting =
  | { type: 'boolean'; default: boolean; description: string }
  /** A whole number, both ends included. */
  | { type: 'integer'; default: number; min: number; max: number; description: string }
  | { type: 'word'; default: string; words: readonly string[]; description: string }
  /** A tmux key name (`tmux-key.ts`); the empty string turns the action's key off. */
  | { type: 'key'; default: string; description: string }
  /** Keys of the line editor, in tmux's notation; none turns the command's keys off. */
  | { type: 'keys'; default: readonly string[]; description: string }
  /** Free text; the empty string counts as not set. `expected` describes `pattern` for people. */
  | { type: 'text'; default: undefined; pattern: RegExp; expected: string; description: string }
  /** A program and its arguments, in quotes where a shell would want them; the empty string counts as not set. */
  | { type: 'command'; default: undefined; description: string }
  /** An http or https address without a user, a password or a key in it; the empty string counts as not set. */
  | { type: 'url'; default: undefined; description: string }
  /** Texts without control characters, each one `item`; as one text, commas outside of parentheses stand between them. */
  | { type: 'list'; default: readonly string[]; item: RegExp; expected: string; description: string }

type Table = typeof settingsTable
type ValueOf<S> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'integer' }
    ? number
    : S extends { type: 'list' | 'keys' }
      ? readonly string[]
      : S extends { words: readonly (infer W)[] }
        ? W
        : S extends { type: 'key' }
          ? string
          : string | undefined

/** What a setting can hold; `undefined` is a text that is not set. */
export type Value = string | number | boolean | readonly string[] | undefined
export type SectionName = keyof Table
/** `section.key`: the name in `q config` and in messages. */
export type SettingKey = { [S in SectionName]: `${S}.${keyof Table[S] & string}` }[SectionName]
/** All settings by section, named as in the file: `settings.ui.indicator_position`. */
export type Settings = {
  readonly [S in SectionName]: { readonly [K in keyof Table[S]]: ValueOf<Table[S][K]> }
}

/** Every `section.key`, in the order of the table. */
export function settingKeys(): SettingKey[] {
  return Object.entries(settingsTable).flatMap(([section, keys]) =>
    Object.keys(keys).map((name) => `${section}.${name}` as SettingKey),
  )
}

export function settingOf(key: SettingKey): Setting {
  const [section, name] = splitKey(key)
  return (settingsTable[section] as Record<string, Setting>)[name] as Setting
}

export function splitKey(key: SettingKey): [section: SectionName, name: string] {
  const dot = key.lastIndexOf('.')
  return [key.slice(0, dot) as SectionName, key.slice(dot + 1)]
}

/** The variable that overrides a key: `ui.indicator_position` → `Q_UI_INDICATOR_POSITION`. */
export function environmentName(key: SettingKey): string {
  return `Q_${key.replaceAll(/[.-]/g, '_').toUpperCase()}`
}

/** Settings made of one value a key. `valueFor` must answer with what `check.ts` let through, or the default. */
export function makeSettings(valueFor: (key: SettingKey) => Value): Settings {
  const settings: Record<string, Record<string, Value>> = {}
  for (const key of settingKeys()) {
    const [section, name] = splitKey(key)
    settings[section] = { ...settings[section], [name]: valueFor(key) }
  }
  return settings as unknown as Settings
}

function lineSettings() {
  const settings = Object.entries(lineCommands).map(([command, { keys, description }]) => [
    command,
    { type: 'keys', default: keys, description: `Keys of the prompt's line: ${lowered(description)}` },
  ])
  return Object.fromEntries(settings) as Record<
    LineCommand,
    { type: 'keys'; default: readonly string[]; description: string }
  >
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function whole(fallback: number, min: number, max: number, description: string) {
  return { type: 'integer', default: fallback, min, max, description } as const
}

/** The first word is the default. */
function words<const W extends readonly [string, ...string[]]>(allowed: W, description: string) {
  return { type: 'word', default: allowed[0], words: allowed, description } as const
}

function text(pattern: RegExp, expected: string, description: string) {
  return { type: 'text', default: undefined, pattern, expected, description } as const
}

function list(description: string) {
  return {
    type: 'list',
    default: [] as readonly string[],
    item: /^[\w@./-]{1,160}(\([^\p{C}]{1,1000}\))?$/u,
    expected: 'a list of tool rules, TOOL or TOOL(PATTERN)',
    description,
  } as const
}
