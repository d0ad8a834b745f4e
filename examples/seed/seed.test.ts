import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeOrigin, type Origin } from '../../scripts/lib/origin.ts'
import { removeProject } from '../../scripts/lib/remove-project.ts'
import { run } from '../../scripts/lib/run.ts'
import { composeFile, dockerfile } from '../../packages/server/test/support/world.ts'
import { folder, secret, serve } from '../../packages/cli/test/support.ts'

const projects = ['redp_name_1', 'redp_name_2', 'bluep_name_3']
beforeAll(async () => {
  for (const project of projects) await removeProject(project)
})

/** The blog post's own test line, with its placeholders filled in. */
function curlLine(url: string, repository: string, key = secret): string {
  const body = `{"repository":{"name":"${repository}"},"ref":"refs/heads/main","pusher":{"name":"test-user"}}`
  return `curl -s -X POST ${url}/webhook \\
     -H "Content-Type: application/json" \\
     -H "X-GitHub-Event: push" \\
     -H "X-Hub-Signature-256: sha256=$(echo -n '${body}' | openssl dgst -sha256 -hmac '${key}' | awk '{print $2}')" \\
     -d '${body}'`
}

/** A repository with a production and a development Compose file, checked out as the blog post's reader has it. */
async function checkedOut(
  directory: string,
  name: string,
  env: string,
): Promise<{ origin: Origin; path: string }> {
  await mkdir(join(directory, `${name}-host`))
  const origin = await makeOrigin(join(directory, `${name}-host`))
  await origin.commit('first', {
    'docker-compose.prod.yml': composeFile({ web: './web' }),
    'docker-compose.dev.yml': composeFile({ webdev: './web' }),
    'web/Dockerfile': dockerfile,
    'web/index.html': `${name} 1\n`,
    '.gitignore': '.env\n',
  })
  await origin.push()
  const path = join(directory, name)
  await run('git', ['clone', '-q', origin.url, path])
  if (env !== '') await writeFile(join(path, '.env'), env)
  return { origin, path }
}

async function served(project: string, service: string): Promise<string> {
  return run('docker', ['exec', `${project}-${service}-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'])
}

test(
  "three apps from environment variables, deployed by the post's own curl line, with the seed's lines in the log",
  { timeout: 120_000 },
  async () => {
    const directory = await folder()
    onTestFinished(async () => {
      for (const project of projects) await removeProject(project)
    })
    const one = await checkedOut(directory, 'sample_project1', '')
    const two = await checkedOut(directory, 'sample_project2', 'DEBUG=True\n')
    const three = await checkedOut(directory, 'sample_project3', 'COLOR=Blue\n')
    await copyFile(join(import.meta.dirname, 'fairway.yaml'), join(directory, 'fairway.yaml'))
    await writeFile(
      join(directory, '.env'),
      `GITHUB_WEBHOOK_SECRET="${secret}"\nSAMPLE_PROJECT_1_PATH=${one.path}\nSAMPLE_PROJECT_2_PATH=${two.path}\n`,
    )

    const server = serve(['--host', '127.0.0.1', '--port', '0'], {
      directory,
      environment: { SAMPLE_PROJECT_3_PATH: three.path },
    })
    const [, url = ''] = /Listening on (\S+)/.exec(await server.line(/Listening on/)) ?? []
    const curl = (repository: string, key?: string): Promise<string> =>
      run('bash', ['-c', curlLine(url, repository, key)])
    for (const name of ['sample_project1', 'sample_project2', 'sample_project3']) {
      expect(JSON.parse(await curl(name))).toMatchObject({
        message: 'Webhook received and processing started in background!',
        deployments: [{ app: name }],
      })
      await server.line(new RegExp(`Deployment task for ${name} finished`))
    }
    expect(await served('redp_name_1', 'web')).toBe('sample_project1 1\n')
    expect(await served('redp_name_2', 'webdev')).toBe('sample_project2 1\n')
    expect(await served('bluep_name_3', 'web')).toBe('sample_project3 1\n')

    expect(JSON.parse(await curl('sample_project1', 'YOUR_WEBHOOK_SECRET'))).toEqual({
      detail: 'Invalid signature',
    })
    await curl('your-repo')
    await curl('deployer')
    await one.origin.commit('a source file', { 'web/index.html': 'sample_project1 2\n' })
    await one.origin.push()
    const before = server.lines.length
    await curl('sample_project1')
    await expect
      .poll(() => server.lines.slice(before).join('\n'), { timeout: 30_000 })
      .toContain('✅ Deployment task for sample_project1 finished.')
    expect(await served('redp_name_1', 'web')).toBe('sample_project1 2\n')
    await server.stop()

    const log = (await readFile(join(directory, 'webhook_server.log'), 'utf8'))
      .split('\n')
      .map((line) => line.replace(/^[\d-]+ [\d:,]+ - /, ''))
    expectInOrder(log, [
      'WARNING - Invalid signature. Aborting.',
      'WARNING - 🚫 Unknown repository: your-repo',
      'INFO - ⚙️ Deployer self-update skipped.',
      'INFO - Webhook request received.',
      'INFO - Signature verified successfully.',
      'INFO - Event: push, Repo: sample_project1, Ref: refs/heads/main, Pusher: test-user',
      `INFO - Pulling latest code for sample_project1 in ${one.path}...`,
      'INFO - Git pull successful for sample_project1.',
      'INFO - Checking for changes in sample_project1 to decide rebuild...',
      `INFO - Checking git diff for ${one.path}...`,
      "INFO - Changed files in git: ['web/index.html']",
      'INFO - 🚀 Changes detected. Building and deploying sample_project1 with docker-compose.prod.yml...',
      'INFO - Docker compose build and up successful for sample_project1.',
      'INFO - ✅ Deployment task for sample_project1 finished.',
    ])
  },
)

function expectInOrder(log: readonly string[], expected: readonly string[]): void {
  let at = 0
  for (const line of expected) {
    const found = log.indexOf(line, at)
    expect(found, `${line}\nafter line ${at} of\n${log.join('\n')}`).toBeGreaterThanOrEqual(at)
    at = found + 1
  }
}
