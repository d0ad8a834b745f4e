import { rename } from 'node:fs/promises'
import { makeWorld } from '../support/world.ts'
import { goBackByHand } from '../rollback/support/go-back.ts'
const dockerfile = 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
const world = await makeWorld({ app: { rollout: { settle: '3s', healthTimeout: '60s' } } })
const names = ['web', 'api', 'worker']
const push = async (n: number) => {
  const files: Record<string, string> = { 'compose.yaml': `services:\n${names.map((x) => `  ${x}: { build: ./${x}, init: true }\n`).join('')}` }
  for (const name of names) { files[`${name}/Dockerfile`] = dockerfile; files[`${name}/index.html`] = `${name} ${n} ${process.pid}\n` }
  await world.origin.commit(String(n), files); await world.origin.push()
  const d = await world.deploy(); if (d.status !== 'success') throw new Error(String(d.reason))
  return d.commit ?? ''
}
const commits = [await push(1), await push(2)]
await rename(world.origin.url, `${world.origin.url}.away`)
const rows = []
for (let i = 0; i < 6; i += 1) {
  const since = performance.now()
  const back = await goBackByHand(world, { to: commits[i % 2] ?? '', reason: 'measured' })
  const total = performance.now() - since
  const steps = Object.fromEntries(back.steps.map(({ name, durationMs }) => [name, Math.round(durationMs)]))
  rows.push({ status: back.status, total: Math.round(total), without: Math.round(total - 3000), served: await world.served('web'), ...steps })
}
console.log(JSON.stringify(rows, undefined, 0).replaceAll('},', '},\n'))
await world.close()
