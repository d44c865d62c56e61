import { describe, expect, test } from 'vitest'
import type { Block, Message } from '../../src/domain/message.ts'
import { validHistory } from '../../src/domain/valid-history.ts'
import { assistant, faultOf, randomHistory, result, text, use, user } from '../support/histories.ts'
import { random } from '../support/random.ts'

const as = (id: string, block: Block): Block => ({ ...block, id }) as Block
const cut = (id: string): Block => ({
  type: 'tool_result',
  id,
  content: 'The tool was interrupted and not run again.',
  status: 'error',
})
const missing = user(text('(the beginning is missing)'))

describe('validHistory', () => {
  test.each<[string, Message[], Message[]]>([
    ['an empty conversation', [], []],
    [
      'a valid conversation',
      [user(text('hi')), assistant(text('yes'), use('a')), user(result('a')), assistant(text('done'))],
      [user(text('hi')), assistant(text('yes'), use('a')), user(result('a')), assistant(text('done'))],
    ],
    [
      'a tool use that was never answered',
      [user(text('hi')), assistant(use('a')), user(text('well?'))],
      [user(text('hi')), assistant(use('a')), user(cut('a'), text('well?'))],
    ],
    [
      'a conversation that ends with a tool use',
      [user(text('hi')), assistant(text('wait'), use('a'))],
      [user(text('hi')), assistant(text('wait'), use('a')), user(cut('a'))],
    ],
    [
      'one of two uses answered',
      [user(text('hi')), assistant(use('a'), use('b')), user(result('b')), assistant(text('ok'))],
      [user(text('hi')), assistant(use('a'), use('b')), user(cut('a'), result('b')), assistant(text('ok'))],
    ],
    [
      'two uses answered in a message each',
      [user(text('hi')), assistant(use('a'), use('b')), user(result('a')), user(result('b'))],
      [user(text('hi')), assistant(use('a'), use('b')), user(result('a'), result('b'))],
    ],
    [
      'a word put in before the result',
      [user(text('hi')), assistant(use('a')), user(text('still there?')), user(result('a'))],
      [user(text('hi')), assistant(use('a')), user(result('a'), text('still there?'))],
    ],
    [
      'an empty answer between a use and its result',
      [user(text('hi')), assistant(use('a')), assistant(text(' ')), user(result('a'))],
      [user(text('hi')), assistant(use('a')), user(result('a'))],
    ],
    [
      'a result without its use',
      [user(text('hi'), result('x')), assistant(text('yes')), user(result('y'), text('go'))],
      [user(text('hi')), assistant(text('yes')), user(text('go'))],
    ],
    [
      'nothing but a result without its use',
      [user(text('hi')), assistant(text('a')), user(result('x')), assistant(text('b'))],
      [user(text('hi')), assistant(text('a'), text('b'))],
    ],
    [
      'a result one message too late',
      [user(text('hi')), assistant(use('a')), user(text('x')), assistant(text('y')), user(result('a'))],
      [user(text('hi')), assistant(use('a')), user(cut('a'), text('x')), assistant(text('y'))],
    ],
    [
      'the same result twice',
      [user(text('hi')), assistant(use('a')), user(result('a', 'first'), result('a', 'second'))],
      [user(text('hi')), assistant(use('a')), user(result('a', 'first'))],
    ],
    [
      'the same use twice',
      [user(text('hi')), assistant(use('a'), use('a'))],
      [user(text('hi')), assistant(use('a')), user(cut('a'))],
    ],
    [
      'doubled roles',
      [user(text('a')), user(text('b')), assistant(text('c')), assistant(text('d'))],
      [user(text('a'), text('b')), assistant(text('c'), text('d'))],
    ],
    [
      'two answers, the first of them with a use',
      [user(text('hi')), assistant(use('a')), assistant(text('b'))],
      [user(text('hi')), assistant(use('a')), user(cut('a')), assistant(text('b'))],
    ],
    [
      'blank texts',
      [user(text(''), text('hi'), text(' \n')), assistant(text('\t')), user(text('again'))],
      [user(text('hi'), text('again'))],
    ],
    ['a beginning that is missing', [assistant(text('b'))], [missing, assistant(text('b'))]],
    [
      'a first message that is blank',
      [user(text(' ')), assistant(text('b'))],
      [missing, assistant(text('b'))],
    ],
    [
      'a result without output',
      [user(text('hi')), assistant(use('a')), user(result('a', ' \n'))],
      [user(text('hi')), assistant(use('a')), user(result('a', '(no output)'))],
    ],
    [
      'an id that a later answer uses again',
      [
        user(text('hi')),
        assistant(use('a')),
        user(result('a')),
        assistant(use('a')),
        user(result('a', 'again')),
      ],
      [
        user(text('hi')),
        assistant(use('a')),
        user(result('a')),
        assistant(as('a_2', use('a'))),
        user(result('a_2', 'again')),
      ],
    ],
    [
      'an id that a service would refuse',
      [user(text('hi')), assistant(use('#1 ü'), use('')), user(result('#1 ü', 'x'), result('', 'y'))],
      [
        user(text('hi')),
        assistant(as('1', use('#1 ü')), as('tool', use(''))),
        user(result('1', 'x'), result('tool', 'y')),
      ],
    ],
    [
      "blocks that are the other role's",
      [user(text('hi'), use('a')), assistant(text('yes'), result('a'))],
      [user(text('hi')), assistant(text('yes'))],
    ],
  ])('makes valid: %s', (_, messages, valid) => {
    expect(validHistory(messages)).toEqual(valid)
  })

  test('changes nothing of what it was given', () => {
    const messages = [user(text('a')), user(result('x'), text('b')), assistant(use('a')), assistant(text(''))]
    const before = structuredClone(messages)
    validHistory(messages)
    expect(messages).toEqual(before)
  })

  test('makes every history valid, loses no word of it, and is done after one time', () => {
    for (let seed = 1; seed <= 5000; seed += 1) {
      const messages = randomHistory(random(seed))
      const valid = validHistory(messages)
      expect(faultOf(valid), `seed ${seed}: ${JSON.stringify(messages)}`).toBeUndefined()
      expect(validHistory(valid), `seed ${seed}`).toEqual(valid)
      expect(
        wordsOf(valid)
          .filter((word) => word !== '(the beginning is missing)')
          .sort(),
      ).toEqual(
        wordsOf(messages)
          .filter((word) => word.trim() !== '')
          .sort(),
      )
    }
  })

  test('keeps what tools put out whenever their results follow their uses', () => {
    for (let seed = 1; seed <= 1000; seed += 1) {
      const { below } = random(seed)
      const uses = [...Array(below(4) + 1).keys()].map((number) => use(`t${number}`))
      const results = uses.flatMap((block) => (block.type === 'tool_use' ? [result(block.id)] : []))
      const answers = below(2) === 0 ? [user(...results)] : results.map((block) => user(block))
      expect(validHistory([user(text('hi')), assistant(...uses), ...answers])).toEqual([
        user(text('hi')),
        assistant(...uses),
        user(...results),
      ])
    }
  })
})

function wordsOf(messages: Message[]): string[] {
  return messages.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])),
  )
}
