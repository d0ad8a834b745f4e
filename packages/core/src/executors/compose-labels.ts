import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Labels = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Writes a Compose file that gives built images labels, outside of any checkout, and takes it away after its use. */
export async function withLabels<T>(
  labels: Labels,
  use: (files: readonly string[]) => Promise<T>,
): Promise<T> {
  if (Object.keys(labels).length === 0) return use([])
  const folder = await mkdtemp(join(tmpdir(), 'fairway-labels-'))
  try {
    const file = join(folder, 'compose.json')
    await writeFile(file, JSON.stringify(overrideOf(labels)), { mode: 0o600 })
    return await use([file])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function overrideOf(labels: Labels): unknown {
  const services = Object.entries(labels).map(([service, given]) => {
    // Compose would take a `$` for the beginning of a variable.
    const plain = Object.entries(given).map(([name, value]) => [name, value.replaceAll('$', '$$$$')])
    return [service, { build: { labels: Object.fromEntries(plain) } }]
  })
  return { services: Object.fromEntries(services) }
}
