import { expect, test } from 'vitest'
import { saidIn } from '../../src/provider/http/said-in.ts'

test.each([
  ['{"detail":[{"loc":["body"],"msg":"no such field"}]}', 'no such field'],
  ['{"error":{"error":{"message":"from further on"}}}', 'from further on'],
  ['{"fault":{"faultstring":"no quota","detail":{"errorcode":"x"}}}', 'no quota'],
  ['{"message":{"text":"deep"}}', 'deep'],
  ['{"error":true,"reason":"no"}', 'no'],
  ['{"errors":[{"detail":"first"},{"detail":"second"}]}', 'first'],
  ['{"a":{"b":1}}', '{"a":{"b":1}}'],
  ['<html><title>502 Bad Gateway</title><script>x</script></html>', '502 Bad Gateway'],
  ['', 'it did not say why'],
])('the words of %s', (body, words) => expect(saidIn(body).words).toBe(words))
