import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Tree } from '../../../../scripts/lib/origin.ts'
import { composeFile, dockerfile, makeWorld } from '../support/world.ts'

/** `pnpm test:sequences` asks for 30; `pnpm test` runs 3 of them. The seed makes a failure repeatable. */
const sequences = Number(process.env['FAIRWAY_SEQUENCES'] ?? 3)
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)

/** One commit: content for a service, words for the docs, a build argument, or going back by some commits. */
const commit = fc.oneof(
  fc.record({
    kind: fc.constant('content' as const),
    service: fc.constantFrom('web', 'api'),
    text: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('docs' as const), text: fc.nat(99) }),
  fc.record({ kind: fc.constant('argument' as const), text: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('broken build' as const) }),
  fc.record({ kind: fc.constant('back' as const), by: fc.integer({ min: 1, max: 3 }) }),
)
const pushes = fc.array(fc.array(commit, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 })
type Commit = typeof commit extends fc.Arbitrary<infer T> ? T : never

const withArgument = dockerfile.replace('CMD', 'ARG GREETING\nRUN echo $GREETING > /www/greeting.html\nCMD')

test(
  `F16: after each push of ${sequences} random sequences, what is served is what was pushed`,
  { timeout: sequences * 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(pushes, follow), { numRuns: sequences, seed, endOnFailure: true })
  },
)

async function follow(sequence: readonly (readonly Commit[])[]): Promise<void> {
  const world = await makeWorld()
  try {
    let tree = files({ web: 0, api: 0, argument: 0, docs: 0, broken: false })
    const history = [tree]
    for (const [index, commits] of [[], ...sequence].entries()) {
      for (const change of commits) {
        tree = apply(tree, change, history)
        history.push(tree)
        await world.origin.commit(change.kind, tree.tree)
      }
      if (index === 0) await world.origin.commit('first', tree.tree)
      await world.origin.push()
      const { status, reason } = await world.deploy()
      if (tree.broken) expect(status).toBe('failure')
      else {
        expect({ status, reason }).toEqual({ status: 'success', reason: null })
        expect(await world.served('web')).toBe(`web ${tree.web}`)
        expect(await world.served('api')).toBe(`api ${tree.api}`)
        expect(await world.served('web', 'greeting.html')).toBe(`greeting ${tree.argument}`)
      }
    }
  } finally {
    await world.close()
  }
}

interface Content {
  readonly web: number
  readonly api: number
  readonly argument: number
  readonly docs: number
  readonly broken: boolean
}

function files(content: Content): Content & { readonly tree: Tree } {
  const { web, api, argument, docs, broken } = content
  const compose = composeFile({
    web: `\n      context: ./web\n      args: { GREETING: "greeting ${argument}" }`,
    api: './api',
  })
  return {
    ...content,
    tree: {
      'docker-compose.prod.yml': compose,
      'web/Dockerfile': withArgument,
      'web/index.html': `web ${web}\n`,
      'api/Dockerfile': broken ? `${dockerfile}RUN exit 1\n` : dockerfile,
      'api/index.html': `api ${api}\n`,
      'docs/readme.md': `docs ${docs}\n`,
    },
  }
}

function apply(now: Content, change: Commit, history: readonly Content[]): ReturnType<typeof files> {
  switch (change.kind) {
    case 'content':
      return files({ ...now, broken: false, [change.service]: change.text })
    case 'docs':
      return files({ ...now, docs: change.text })
    case 'argument':
      return files({ ...now, argument: change.text })
    case 'broken build':
      return files({ ...now, broken: true })
    case 'back':
      return files(history.at(-change.by) ?? now)
  }
}
