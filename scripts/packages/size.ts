// What users of each package get: `pnpm size`. Exits 1 where a limit is passed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limits, measure } from './measure.ts'
import { packAll } from './pack.ts'

const folder = await mkdtemp(join(tmpdir(), 'fairway-size-'))
try {
  const measures = await measure(await packAll(folder))
  for (const { name, packed, packages } of measures) {
    const limit = limits[name]
    const over = packed > limit.packed || packages > limit.packages
    console.log(
      `@fairway/${name}: ${packed} kB packed (limit ${limit.packed}), ${packages} packages with it (limit ${limit.packages})${over ? '  TOO MUCH' : ''}`,
    )
    if (over) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true })
}
