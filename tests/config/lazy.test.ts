import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { temporaryDirectory } from './temporary.ts'

const loads = vi.hoisted(() => ({ parser: 0 }))
vi.mock('toml-eslint-parser', async (original) => {
  loads.parser++
  return await original()
})

test('the TOML parser is loaded only when there is a file', async () => {
  const file = join(temporaryDirectory(), 'config.toml')
  await loadConfig(file, { Q_UI_INDICATOR_LAYOUT: 'stacked' })
  expect(loads.parser).toBe(0)
  writeFileSync(file, '')
  await loadConfig(file, {})
  expect(loads.parser).toBe(1)
})
