import { readSections, type Section } from './guide-docs.ts'

export interface GuideSearch {
  sections: readonly Section[]
  /** The sections that answer a question, best first; none when less than half of its words are met. */
  find(question: string): Section[]
}

/** Reads and indexes the user guide. Throws what reading the directory throws. */
export async function openSearch(directory: string): Promise<GuideSearch> {
  const sections = await readSections(directory)
  const { default: MiniSearch } = await import('minisearch')
  const index = new MiniSearch({ fields: ['heading', 'text'], processTerm: term })
  index.addAll(sections.map(({ heading, text }, id) => ({ id, heading, text })))

  return {
    sections,
    find(question) {
      const asked = new Set(words(question).flatMap((word) => term(word) ?? []))
      if (asked.size === 0) return []
      const found = index.search([...asked].join(' '), {
        processTerm: (word) => word,
        boost: { heading: 3 },
        prefix: (word) => word.length > 2,
        fuzzy: (word) => (word.length > 4 ? 0.2 : false),
      })
      return found.flatMap(({ id, queryTerms }) => {
        const section = sections[Number(id)]
        return section && queryTerms.length / asked.size >= 0.5 ? [section] : []
      })
    },
  }
}

function words(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_@-]+/u).filter((word) => word !== '')
}

/** A word as it is indexed: lower case and without common endings; null for words that every text has. */
function term(word: string): string | null {
  const plain = word.toLowerCase()
  if (filler.has(plain)) return null
  const stem = plain.replace(/(?<=\w{4})(ing|ed)$|(?<=\w{2}[^s])s$/, '')
  return stem.length > 4 ? stem.replace(/e$/, '') : stem
}

const filler = new Set(
  (
    'a about am an and are as at be by can could do does for from get have how i if in is it its me my no not of on or ' +
    'please q mux should so tell that the their them then there they this to up use want was we what when where which ' +
    'who why will with would you your'
  ).split(' '),
)
