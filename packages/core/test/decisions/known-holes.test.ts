import { expect, test } from 'vitest'
import { composeHoles, gitHoles, type Holes } from '../../src/decisions/known-holes.ts'

const rows: readonly (readonly [name: string, holes: Holes, version: string, cve: string | undefined])[] = [
  ['Compose', composeHoles, '2.26.1', 'CVE-2025-62725'],
  ['Compose', composeHoles, '2.26.1-4', 'CVE-2025-62725'],
  ['Compose', composeHoles, '2.40.1', 'CVE-2025-62725'],
  ['Compose', composeHoles, '2.40.2', undefined],
  ['Compose', composeHoles, '2.40.10-desktop.1', undefined],
  ['Compose', composeHoles, '5.0.0', undefined],
  ['git', gitHoles, '2.39.5', 'CVE-2025-48384'],
  ['git', gitHoles, '2.43.7', undefined],
  ['git', gitHoles, '2.50.1.windows.1', undefined],
]
test.each(rows)('S4, S5: %s %#: %3$s', (_name, holes, version, cve) => {
  const [message, fix] = holes(version) ?? []
  expect(message?.match(/CVE-[\d-]+/)?.[0]).toBe(cve)
  expect(fix === undefined).toBe(cve === undefined)
})
