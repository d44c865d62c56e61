export interface Language {
  keywords: ReadonlySet<string>
  anyCase: boolean
  comments: readonly string[]
  /** Comments from the first to the second. */
  blocks: readonly (readonly [string, string])[]
  /** Quotes, longer ones first. */
  strings: readonly string[]
  /** Quotes whose string ends with its line. */
  oneLine: readonly string[]
}

/** A language by the word behind a fence; made when it is first asked for. */
export function languageOf(name: string): Language | undefined {
  const found = Object.entries(table).find(([names]) => names.split(' ').includes(name.toLowerCase()))
  if (!found) return undefined
  const [names, { words, like, anyCase = false }] = found
  const known = made.get(names)
  if (known) return known
  const language = { keywords: new Set(words.split(' ')), anyCase, ...families[like] }
  made.set(names, language)
  return language
}

const made = new Map<string, Language>()

type Family = Omit<Language, 'keywords' | 'anyCase'>

const slashes = { comments: ['//'], blocks: [['/*', '*/']] } as const
const families = {
  c: { ...slashes, strings: ['"', "'"], oneLine: ['"', "'"] },
  js: { ...slashes, strings: ['`', '"', "'"], oneLine: ['"', "'"] },
  rust: { ...slashes, strings: ['"'], oneLine: [] },
  python: { comments: ['#'], blocks: [], strings: ['"""', "'''", '"', "'"], oneLine: ['"', "'"] },
  shell: { comments: ['#'], blocks: [], strings: ['"', "'"], oneLine: [] },
  data: { comments: ['#'], blocks: [], strings: ['"', "'"], oneLine: ['"', "'"] },
  sql: { comments: ['--'], blocks: [['/*', '*/']], strings: ["'"], oneLine: [] },
  markup: { comments: [], blocks: [['<!--', '-->']], strings: ['"'], oneLine: ['"'] },
  lua: { comments: ['--'], blocks: [['--[[', ']]']], strings: ['"', "'"], oneLine: ['"', "'"] },
} as const satisfies Record<string, Family>

const control = 'if else for while do switch case default break continue return'
const cWords = `${control} goto sizeof typedef struct union enum static const volatile extern inline void int char short long unsigned signed float double bool true false NULL`
const jsWords = `${control} const let var function class extends new this super import export from as async await yield try catch finally throw typeof instanceof in of delete void null undefined true false static get set type interface enum implements private public protected readonly abstract declare namespace satisfies keyof infer is string number boolean unknown never any`
const jvmWords = `${control} class interface extends implements new this super import package public private protected static final abstract synchronized try catch finally throw throws void int long short byte char float double boolean true false null instanceof enum record var val fun when object override open sealed data companion in is as`

const table: Record<string, { words: string; like: keyof typeof families; anyCase?: true }> = {
  'js javascript mjs cjs jsx ts typescript tsx mts cts': { words: jsWords, like: 'js' },
  'py python python3': {
    words:
      'def class return if elif else for while in is not and or lambda import from as try except finally raise with yield async await pass break continue global nonlocal del assert None True False self match case',
    like: 'python',
  },
  'sh bash shell zsh console fish dockerfile docker': {
    words:
      'if then else elif fi for in do done while until case esac function return local export readonly unset set shift exit echo cd source eval exec trap FROM RUN COPY CMD ENTRYPOINT ENV WORKDIR EXPOSE ARG',
    like: 'shell',
  },
  'c h cpp c++ cc hpp objc arduino': {
    words: `${cWords} class public private protected virtual override template typename namespace using new delete this try catch throw nullptr auto constexpr noexcept operator friend`,
    like: 'c',
  },
  'java kotlin kt scala groovy': { words: jvmWords, like: 'c' },
  'cs csharp c#': {
    words: `${jvmWords} using namespace string decimal async await get set out ref params virtual readonly foreach`,
    like: 'c',
  },
  'go golang': {
    words: `${control} func package import var const type struct interface map chan go defer select range fallthrough nil true false string int int64 float64 bool byte error any make new append len`,
    like: 'js',
  },
  'rust rs': {
    words:
      'fn let mut const static struct enum impl trait type use mod pub crate self Self super match if else for while loop in return break continue async await move ref where as dyn unsafe true false Some None Ok Err',
    like: 'rust',
  },
  'swift dart': { words: `${jvmWords} func let guard self nil protocol extension struct init`, like: 'c' },
  php: { words: `${jsWords} echo foreach as use namespace array fn`, like: 'c' },
  'rb ruby': {
    words:
      'def class module end if elsif else unless while until for in do return yield begin rescue ensure raise require nil true false self and or not then case when attr_accessor',
    like: 'data',
  },
  'json jsonc json5': { words: 'true false null', like: 'js' },
  'yaml yml toml ini conf properties hcl terraform tf nix makefile make r perl pl': {
    words:
      'true false null yes no on off resource variable output provider module data my sub use if else for foreach function',
    like: 'data',
  },
  'sql sqlite postgresql mysql': {
    words:
      'select from where and or not in is null insert into values update set delete create table index view drop alter add column primary key foreign references unique join left right inner outer on group by order having limit offset as distinct union all case when then else end with begin commit rollback integer text varchar default exists between like asc desc',
    like: 'sql',
    anyCase: true,
  },
  'html xml svg vue svelte': { words: '', like: 'markup' },
  'css scss less': { words: 'important media import keyframes supports', like: 'c' },
  lua: {
    words:
      'and break do else elseif end false for function if in local nil not or repeat return then true until while',
    like: 'lua',
  },
}
