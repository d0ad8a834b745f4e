import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../../src/executors/process.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import {
  byFirstPart,
  type HttpRemote,
  httpRemote,
  serveRepositories,
  withLogin,
} from '../../support/http-remote.ts'
import { commandLines, commandLinesNaming, failureOf, watch } from '../../support/remote-calls.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const ref = 'refs/heads/main'

let remote: HttpRemote
let path: string
let commit: string
beforeEach(async () => {
  const cloned = bench.cloned()
  path = cloned.path
  commit = cloned.origin.commit({ a: '2' })
  const serve = serveRepositories(bench.play.directory)
  remote = await httpRemote(
    byFirstPart((part, request, response) => {
      if (part === 'ok') serve(request, response)
      else if (part === 'login') withLogin('ada:hunter2', serve)(request, response)
      else if (part === 'cut') request.socket.destroy()
      else if (part === 'half') {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
        response.write('001e# service=git-upload-pack\n0000', () => request.socket.destroy())
      } else if (part === 'stall') {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
        response.write('001e# service=git-upload-pack\n0000')
      } else if (part !== 'hang') response.writeHead(Number(part)).end('no')
    }),
  )
})
afterEach(() => remote.close())

const doing = (): string => `Cannot fetch ${ref} into ${path}`

describe('F11: a remote over http', () => {
  test('serves what was pushed', async () => {
    const checkout = { ...at(path), url: `${remote.url}/ok/origin.git` }
    expect(await bench.git.fetch(checkout, ref)).toEqual({ ref, commit })
    expect(await bench.git.defaultBranch(checkout)).toBe('main')
  })

  test.for([
    ['400', 'git_failed', 'HOST answered 400'],
    ['403', 'remote_denied', 'HOST answered 403: the login may not read this repository'],
    ['404', 'remote_not_found', 'HOST has no repository at URL'],
    ['410', 'remote_not_found', 'HOST has no repository at URL'],
    ['429', 'remote_unreachable', 'HOST answered 429'],
    ['500', 'remote_unreachable', 'HOST answered 500'],
    ['502', 'remote_unreachable', 'HOST answered 502'],
    ['503', 'remote_unreachable', 'HOST answered 503'],
    ['cut', 'remote_unreachable', 'HOST broke off the connection'],
    ['half', 'remote_unreachable', 'HOST broke off the connection'],
    ['login', 'remote_denied', "HOST asks for a login, and git's credential helper gave none"],
  ] as const)('that answers %s: %s, in plain words', async ([part, code, words]) => {
    const url = `${remote.url}/${part}/origin.git`
    const { error, text } = await failureOf(bench.git.fetch({ ...at(path), url }, ref))
    const told = words.replace('HOST', `127.0.0.1:${remote.port}`).replace('URL', url)
    expect(error).toMatchObject({ code, message: `${doing()}: ${told}` })
    expect(text).toContain(url)
  })

  test('that is down, unknown, or speaks no TLS', async () => {
    const closed = `127.0.0.1:${remote.port}`
    const cases = [
      [`https://${closed}/x.git`, `the TLS handshake with ${closed} broke off`],
      ['http://127.0.0.1:1/x.git', '127.0.0.1:1 refused the connection'],
      ['http://fairway.invalid/x.git', "the name fairway.invalid can't be resolved"],
    ]
    for (const [url = '', words = ''] of cases) {
      await expect(bench.git.fetch({ ...at(path), url }, ref)).rejects.toMatchObject({
        code: 'remote_unreachable',
        message: `${doing()}: ${words}`,
      })
    }
  })

  test('whose certificate nobody signed is not to be tried again', async () => {
    const pem = (name: string): string => bench.play.path(name)
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
    const files = ['-keyout', pem('key'), '-out', pem('cert')]
    const { exitCode, stderr } = await runCommand({
      command: 'openssl',
      args: ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files],
      environment: { PATH: process.env['PATH'] },
    })
    expect([exitCode, stderr]).toEqual([0, expect.any(String)])
    const tls = { key: readFileSync(pem('key'), 'utf8'), cert: readFileSync(pem('cert'), 'utf8') }
    const secure = await httpRemote(serveRepositories(bench.play.directory), tls)
    try {
      const checkout = { ...at(path), url: `${secure.url}/origin.git` }
      const host = `127.0.0.1:${secure.port}`
      await expect(bench.git.fetch(checkout, ref)).rejects.toMatchObject({
        code: 'remote_denied',
        message: expect.stringContaining(`${doing()}: the TLS certificate of ${host} is not trusted (`),
        hint: expect.stringContaining(`git config --global http.https://${host}/.sslCAInfo FILE`),
      })
      bench.play.git(path, 'config', `http.https://${host}/.sslCAInfo`, pem('cert'))
      expect(await bench.git.fetch(checkout, ref)).toEqual({ ref, commit })
    } finally {
      await secure.close()
    }
  })
})

describe('a remote that asks for a login', () => {
  /** Makes git's credential helper give this password. */
  const helper = (password: string): void => {
    const script = `#!/bin/sh\n[ "$1" = get ] && printf 'username=ada\\npassword=${password}\\n'\nexit 0\n`
    writeFiles(bench.play.directory, { helper: script })
    chmodSync(bench.play.path('helper'), 0o755)
    bench.play.git(bench.play.directory, 'config', '--global', 'credential.helper', bench.play.path('helper'))
  }

  test('gets it from the credential helper', async () => {
    helper('hunter2')
    expect(await bench.git.fetch({ ...at(path), url: `${remote.url}/login/origin.git` }, ref)).toEqual({
      ref,
      commit,
    })
    expect(remote.logins.length).toBeGreaterThan(0)
  })

  test('and refuses it: said with the commands that give another, and without the login', async () => {
    helper('hunter3')
    const url = `http://bob@127.0.0.1:${remote.port}/login/origin.git`
    const watched = watch()
    const { error, text } = await failureOf(bench.git.fetch({ ...at(path), url }, ref, watched.call))
    expect(error).toMatchObject({
      code: 'remote_denied',
      message: `${doing()}: 127.0.0.1:${remote.port} refused the login that git's credential helper gave`,
      hint: `As the user that Fairway runs as: git config --global credential.helper store, then git ls-remote ${remote.url}/login/origin.git, which asks for the login and keeps it`,
    })
    expect([text, ...watched.output].join('\n')).not.toMatch(/bob|ada|hunter/)
  })

  test('S24: the password is in no command line and no configuration of the checkout', async () => {
    helper('hunter2')
    const seen = new Set<string>()
    const watched = watch()
    const slow = await httpRemote((request, response) => {
      for (const line of commandLines(watched.groups())) seen.add(line)
      // Looked at while git waits for each answer.
      withLogin('ada:hunter2', serveRepositories(bench.play.directory))(request, response)
    })
    try {
      bench.play.git(path, 'remote', 'set-url', 'origin', `${slow.url}/origin.git`)
      expect(await bench.git.fetch(at(path), ref, watched.call)).toEqual({ ref, commit })
      expect(slow.logins.length).toBeGreaterThan(1)
    } finally {
      await slow.close()
    }
    expect([...seen].filter((line) => line.includes(`remote-http origin ${slow.url}`))).not.toEqual([])
    expect([...seen].join('\n')).not.toMatch(/hunter2|ada:|aHVudGVyMg/)
    const files = readdirSync(join(path, '.git'), { recursive: true, withFileTypes: true })
    const kept = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    expect(kept).toContain(join(path, '.git/config'))
    expect(kept.filter((file) => readFileSync(file, 'latin1').includes('hunter2'))).toEqual([])
  })
})

describe('F12: a remote over http that', () => {
  test.for(['hang', 'stall'])('does %s ends within the deadline, and nothing survives', async (part) => {
    const url = `${remote.url}/${part}/origin.git`
    const watched = watch()
    const began = performance.now()
    const { error } = await failureOf(bench.git.fetch({ path, url, timeout: 1_500 }, ref, watched.call))
    expect(error).toMatchObject({
      code: 'timeout',
      message: `${doing()}: the remote did not answer within 1.5 s; the command was stopped`,
      hint: `Check that 127.0.0.1:${remote.port} answers; where a large repository or a slow line needs longer, raise \`timeouts.git\` of the app`,
    })
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(watched.groups()).toHaveLength(1)
    expect(watched.survivors()).toEqual([])
    expect(commandLinesNaming(url)).toEqual([])
  })

  test('takes no connection apart ends so too, whatever asks', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    try {
      const { port } = silent.address() as { port: number }
      const checkout = { path, url: `https://127.0.0.1:${port}/x.git`, timeout: 1_000 }
      const calls = [
        [() => bench.git.defaultBranch(checkout), `Cannot list the refs of the remote of ${path}`],
        [() => bench.git.fetchNamed(checkout, 'main'), `Cannot list the refs of the remote of ${path}`],
      ] as const
      for (const [ask, what] of calls) {
        await expect(ask()).rejects.toMatchObject({
          code: 'timeout',
          message: `${what}: the remote did not answer within 1 s; the command was stopped`,
        })
      }
      expect(commandLinesNaming(checkout.url)).toEqual([])
    } finally {
      silent.close()
    }
  })
})
