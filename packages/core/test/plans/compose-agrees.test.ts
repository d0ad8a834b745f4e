import { expect, test } from 'vitest'
import { askDryRun } from './compose-oracle.ts'

const idle = 'image: local/busybox:latest, command: sleep 3600, init: true, stop_grace_period: 0s'

/** Story by story, and against what Compose itself builds, in `compose-agrees.long.test.ts`. */
test('extends, include, anchors and profiles: a plan touches what Compose would touch, and leaves it nothing to do', async () => {
  const compose = (level: number): string => `
include: [more/compose.yaml]
x-used: &used { LEVEL: ${level} }
x-unused: &unused { LEVEL: ${level} }
services:
  web: { extends: { file: common.yaml, service: base } }
  api: { ${idle}, environment: { <<: *used, OWN: 1 } }
  db: { ${idle} }
  tools: { ${idle}, profiles: [tools], environment: *used }
`
  const files = (level: number) => ({
    'compose.yaml': compose(level),
    'common.yaml': `services: { base: { ${idle}, environment: { LEVEL: ${level} } } }\n`,
    'more/compose.yaml': `services: { more: { ${idle}, env_file: [more.env] }, still: { ${idle} } }\n`,
    'more/more.env': `LEVEL=${level}\n`,
  })
  const { plan, compose: touched, left } = await askDryRun({ before: files(1), after: files(2) })
  expect(plan).toEqual({ web: 'recreate', api: 'recreate', more: 'recreate' })
  expect(touched).toEqual(['api', 'more', 'web'])
  expect(left).toEqual([])
}, 180_000)
