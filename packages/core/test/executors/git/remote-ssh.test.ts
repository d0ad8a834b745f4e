import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { commandLinesNaming, failureOf, watch } from '../../support/remote-calls.ts'
import { sshEnvironment, type SshOptions, type SshRemote, sshRemote } from '../../support/ssh-remote.ts'

const bench = gitBench()
const ref = 'refs/heads/main'
const given = [
  '-o BatchMode=yes',
  '-o ConnectTimeout=15',
  '-o ServerAliveInterval=15',
  '-o ServerAliveCountMax=3',
  '-o ControlMaster=no',
].join(' ')

let remote: SshRemote | undefined
afterEach(async () => {
  await remote?.close()
  remote = undefined
})

/** A checkout whose origin is a repository behind a real sshd. */
async function behindSsh(options?: SshOptions) {
  const { origin, path } = bench.cloned()
  const commit = origin.commit({ a: '2' })
  remote = await sshRemote(bench.play, options)
  bench.play.git(path, 'remote', 'set-url', 'origin', remote.url(origin.path))
  const git = simpleGit({ environment: sshEnvironment(bench.play) })
  return { remote, origin, path, commit, git, doing: `Cannot fetch ${ref} into ${path}` }
}

describe('F11: a remote over ssh', () => {
  test('serves what was pushed, to an ssh that asks nobody and gives up by itself', async () => {
    const { remote: ssh, origin, path, commit, git } = await behindSsh()
    const watched = watch()
    expect(await git.fetch(at(path), ref, watched.call)).toEqual({ ref, commit })
    expect(await git.defaultBranch(at(path))).toBe('main')
    expect(ssh.calls()[0]).toContain(`${given} -o SendEnv=GIT_PROTOCOL -p ${ssh.port}`)
    const scp = ssh.url(origin.path).replace(/^ssh:\/\/(.*):(\d+)\//, '[$1:$2]:/')
    expect(await git.fetch({ ...at(path), url: scp }, ref)).toEqual({ ref, commit })
    expect(watched.survivors()).toEqual([])
  })

  test("leaves the operator's own ssh command as it is", async () => {
    const { remote: ssh, path, commit, git } = await behindSsh()
    bench.play.git(path, 'config', 'core.sshCommand', 'ssh -o LogLevel=ERROR')
    expect(await git.fetch(at(path), ref)).toEqual({ ref, commit })
    const environment = { ...sshEnvironment(bench.play), GIT_SSH_COMMAND: 'ssh -o LogLevel=FATAL' }
    bench.play.git(path, 'config', '--unset', 'core.sshCommand')
    expect(await simpleGit({ environment }).fetch(at(path), ref)).toEqual({ ref, commit })
    const [configured, inEnvironment] = ssh.calls().filter((call) => call.includes('git-upload-pack'))
    expect(configured).toMatch(/^-o LogLevel=ERROR -o SendEnv/)
    expect(inEnvironment).toMatch(/^-o LogLevel=FATAL -o SendEnv/)
  })

  test('that does not take the key says how to try and what to add', async () => {
    const { remote: ssh, path, git, doing } = await behindSsh({ key: 'wrong' })
    const { error, text } = await failureOf(git.fetch(at(path), ref))
    expect(error).toMatchObject({
      code: 'remote_denied',
      message: `${doing}: 127.0.0.1:${ssh.port} accepted none of the ssh keys it was offered`,
      hint: `Add the public key (~/.ssh/id_ed25519.pub; ssh-keygen -t ed25519 makes one) to the host as a deploy key. See what ssh says, as the user that Fairway runs as: ssh -T -p ${ssh.port} USER@127.0.0.1`,
    })
    expect(text).toContain('Permission denied (publickey)')
  })

  test('whose host key is not known says how to learn it', async () => {
    const { remote: ssh, path, git, doing } = await behindSsh({ host: 'unknown' })
    const keyscan = `ssh-keyscan -p ${ssh.port} 127.0.0.1`
    await expect(git.fetch(at(path), ref)).rejects.toMatchObject({
      code: 'remote_denied',
      message: `${doing}: the ssh host key of 127.0.0.1:${ssh.port} is not known here`,
      hint: `As the user that Fairway runs as: ${keyscan} >> ~/.ssh/known_hosts, after comparing ${keyscan} | ssh-keygen -lf - with what the host publishes`,
    })
  })

  test('whose host key has changed says that somebody may stand in between', async () => {
    const { remote: ssh, path, git, doing } = await behindSsh({ host: 'changed' })
    await expect(git.fetch(at(path), ref)).rejects.toMatchObject({
      code: 'remote_denied',
      message: `${doing}: the ssh host key of 127.0.0.1:${ssh.port} is not the known one`,
      hint: expect.stringContaining(`ssh-keygen -R '[127.0.0.1]:${ssh.port}'`),
    })
  })

  test('without the repository is not tried again', async () => {
    const { remote: ssh, path, git, doing } = await behindSsh()
    const url = ssh.url('/srv/nowhere.git')
    const shown = url.replace(/\/\/.*@/, '//')
    await expect(git.fetch({ ...at(path), url }, ref)).rejects.toMatchObject({
      code: 'remote_not_found',
      message: `${doing}: '${shown}' does not appear to be a git repository`,
    })
  })

  test('that is down, or whose name is unknown', async () => {
    const { path } = bench.cloned()
    for (const [url, words] of [
      ['ssh://git@127.0.0.1:1/x.git', '127.0.0.1:1 refused the connection'],
      ['git@fairway.invalid:x.git', "the name fairway.invalid can't be resolved"],
    ] as const) {
      await expect(bench.git.fetch({ ...at(path), url }, ref)).rejects.toMatchObject({
        code: 'remote_unreachable',
        message: `Cannot fetch ${ref} into ${path}: ${words}`,
      })
    }
  })
})

describe('F12: a remote over ssh that', () => {
  let server: Server | undefined
  afterEach(() => void server?.close())
  const listen = async (greeting: string, cut = false): Promise<string> => {
    server = createServer((socket) => {
      socket.on('error', () => {})
      if (cut) socket.end(greeting)
      else if (greeting !== '') socket.write(greeting)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server?.once('listening', resolve))
    return `ssh://git@127.0.0.1:${(server.address() as AddressInfo).port}/x.git`
  }

  test.for([
    ['never answers', ''],
    ['stops in the middle of its answer', 'SSH-2.0-half\r\n'],
  ])('%s ends within the deadline, and nothing survives', async ([, greeting = '']) => {
    const { path } = bench.cloned()
    const url = await listen(greeting)
    const watched = watch()
    const began = performance.now()
    const { error } = await failureOf(bench.git.fetch({ path, url, timeout: 1_500 }, ref, watched.call))
    expect(error).toMatchObject({
      code: 'timeout',
      message: `Cannot fetch ${ref} into ${path}: the remote did not answer within 1.5 s; the command was stopped`,
    })
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(watched.survivors()).toEqual([])
    const port = /:(\d+)\//.exec(url)?.[1] ?? url
    expect(commandLinesNaming(`-p ${port} git@127.0.0.1`)).toEqual([])
  })

  test.for(['', 'SSH-2.0-half\r\n'])('breaks off after %j is told as such', async (greeting) => {
    const { path } = bench.cloned()
    const url = await listen(greeting, true)
    await expect(bench.git.fetch({ ...at(path), url }, ref)).rejects.toMatchObject({
      code: 'remote_unreachable',
      message: expect.stringMatching(/^Cannot fetch .*: 127\.0\.0\.1:\d+ broke off the connection$/),
    })
  })
})
