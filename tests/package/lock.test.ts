import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mended } from '../../scripts/lock.ts'

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')

test('npm ci takes package-lock.json on every machine and without a compiler; else run: node scripts/lock.ts', () => {
  expect(mended(text) === text).toBe(true)
})

test('a lock file as npm writes it gets the packages for other machines and the mark of better-sqlite3 back', () => {
  const lock = JSON.parse(text)
  delete lock.packages['node_modules/better-sqlite3'].gypfile
  delete lock.packages['node_modules/@biomejs/cli-darwin-arm64']
  delete lock.packages['node_modules/@biomejs/cli-linux-x64-musl']
  const { packages } = JSON.parse(mended(JSON.stringify(lock)))
  expect(packages['node_modules/better-sqlite3'].gypfile).toBe(false)
  expect(packages['node_modules/@biomejs/cli-darwin-arm64']).toMatchObject({ os: ['darwin'], cpu: ['arm64'] })
  expect(packages['node_modules/@biomejs/cli-linux-x64-musl']).toMatchObject({
    os: ['linux'],
    libc: ['musl'],
  })
})
