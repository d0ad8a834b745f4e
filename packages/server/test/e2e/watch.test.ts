import { afterEach, expect, test, vi } from 'vitest'
import { dockerfile, makeWorld, type World } from '../support/world.ts'

const composeFile = 'services:\n  web:\n    build: ./web\n    init: true\n'
const program = (text: string): string => `${text}\nexec busybox httpd -f -p 8080 -h /www\n`

let world: World
afterEach(() => world.close())

test('a version that crashes five seconds after its success is brought back and held by itself', async () => {
  world = await makeWorld({ app: { rollout: { settle: '1s', watch: '30s' } } })
  const push = async (files: Readonly<Record<string, string>>) => {
    await world.origin.commit('a version', files)
    await world.origin.push()
    return world.deploy()
  }
  const good = await push({
    'docker-compose.prod.yml': composeFile,
    'web/Dockerfile': dockerfile.replace(/CMD .*/, 'CMD ["sh", "/www/serve.sh"]'),
    'web/index.html': 'good\n',
    'web/serve.sh': program(''),
  })
  expect(good).toMatchObject({ status: 'success' })
  const bad = await push({
    'web/index.html': 'bad\n',
    'web/serve.sh': '(sleep 5; echo out of beans; kill -KILL $$) &\n' + program(''),
  })
  expect(bad).toMatchObject({ status: 'success' })
  expect(await world.served('web')).toBe('bad')

  const back = await vi.waitFor(
    async () => {
      const [newest] = await world.journal.deployments()
      if (newest?.id === bad.id || !newest?.endedAt)
        throw new Error(`still ${newest?.id}:\n${world.lines.join('\n')}`)
      return newest
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(back).toMatchObject({ status: 'success', commit: good.commit })
  expect(back.reason).toMatch(/: web exited with code \d+, \d+ s after its deployment succeeded$/)
  expect(await world.served('web')).toBe('good')
  expect(world.lines.join('\n')).toContain('out of beans')

  const again = await push({ 'readme.md': 'more words\n' })
  expect(again).toMatchObject({ status: 'skipped' })
  expect(again.reason).toContain(`held because web at ${bad.commit?.slice(0, 7)} was rolled back: web exited`)
  expect(await world.served('web')).toBe('good')
  const fixed = await push({ 'web/index.html': 'fixed\n', 'web/serve.sh': program('') })
  expect(fixed).toMatchObject({ status: 'success' })
  expect(await world.served('web')).toBe('fixed')
}, 240_000)
