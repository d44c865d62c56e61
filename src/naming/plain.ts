import { phrases } from './data/phrases.ts'
import { locationWords } from './data/url-words.ts'

/** How much of a message is looked at: its beginning, and its end, where some stack traces say what happened. */
const beginning = 4000
const end = 1000

/** A message in ASCII: accents gone, what steers a terminal or hides gone, other scripts as gaps. */
export function plain(message: string): string {
  return bounded(message)
    .normalize('NFKD')
    .replace(/\u001b\[[\d;?]*[A-Za-z]/g, ' ')
    .replace(/[\p{M}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu, '')
    .replace(/[‘’‛`´]/g, (sign) => (sign === '`' ? '`' : "'"))
    .replace(/[“”„«»]/g, '"')
    .replace(/[–—]/g, ' - ')
    .replace(/…/g, '... ')
    .replace(/[。！？｡]/g, '. ')
    .replace(/[ßøØæÆœŒłŁđĐðÐþÞı]/g, (letter) => letters[letter] ?? letter)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\n\t -~]/g, ' ')
}

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  Ø: 'O',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
}

function bounded(message: string): string {
  if (message.length <= beginning + end) return message
  return `${message.slice(0, beginning).replace(/\S{1,200}$/, '')}\n${message.slice(-end).replace(/^\S{1,200}/, '')}`
}

/** A line whose addresses, paths and fixed phrases are replaced by the words that tell what they are about. */
export function inWords(line: string): string {
  const spoken = line
    .replace(/\b(?:https?|ssh|git|ftp|file|s3|wss?):\/\/\S+|\bwww\.\S+/gi, addressWords)
    .replace(/(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+\b/g, ' ')
    .replace(/(?<![\w.@+<-])(?:[A-Za-z]:\\|~?\/|\.{1,2}\/)?(?:[\w.@+-]+[\\/])+[\w.@+-]*(?::\d+)*/g, pathWords)
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b|\b0x[0-9a-f]+\b|\b\d{6,}\b/gi, ' ')
    .replace(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?)?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?/g, ' ')
    .replace(fileName, '$1 ')
  return phrases.reduce((text, [phrase, word]) => text.replace(phrase, word), spoken)
}

/** A file's name without what only tells its format. */
const fileName =
  /(?<![\w-])([\w-]{2,})\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|cpp|hpp|swift|scala|sh|ya?ml|toml|html?|css|scss|vue|svelte|sql|ipynb|log|txt|md|lock)(?::\d+)*\b/g

function addressWords(address: string): string {
  const [place = ''] = address.replace(/^\w+:\/\//, '').split(/[?#]/, 1)
  const [host = '', ...path] = place.split('/')
  const named = path.map(telling).filter(Boolean)
  if (named.length > 0) return ` ${named.slice(-2).join(' ')} `
  return ` ${telling(host.replace(/^www\./, '').replace(/:\d+$/, ''))} `
}

/** Short paths, as in `builder/docker`, are names already; of the others the last two parts say enough. */
function pathWords(path: string): string {
  const [withoutLine = ''] = path.split(/:\d/, 1)
  const parts = withoutLine.split(/[\\/]/)
  const absolute = /^(?:[A-Za-z]:\\|[~/.])/.test(path)
  if (!absolute && parts.length <= 3 && !/\w\.[a-z]{1,4}$/.test(path)) return path
  return ` ${parts.map(telling).filter(Boolean).slice(-2).join(' ')} `
}

function telling(part: string): string {
  const words = part
    .replace(/%[0-9a-f]{2}/gi, ' ')
    .replace(fileName, '$1')
    .split(/[^A-Za-z0-9]+/)
  return words.filter((word) => /[a-z]/i.test(word) && !locationWords.has(word.toLowerCase())).join(' ')
}
