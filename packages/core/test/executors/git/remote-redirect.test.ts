import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decideRedirect, readLocation } from '../../../src/executors/git/redirect.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { type HttpRemote, httpRemote, serveRepositories, withLogin } from '../../support/http-remote.ts'
import { failureOf, watch } from '../../support/remote-calls.ts'

describe('decideRedirect', () => {
  test.for([
    [
      'a relative place',
      'https://git.example/shop',
      '/shop.git/info/refs?service=git-upload-pack',
      'https://git.example/shop.git',
    ],
    [
      'the same host',
      'https://git.example/shop',
      'https://git.example/new/shop.git/info/refs?x=y#z',
      'https://git.example/new/shop.git',
    ],
    [
      'the same port, written out',
      'https://git.example/shop',
      'https://git.example:443/new/info/refs',
      'https://git.example/new',
    ],
    [
      'another spelling of the host',
      'https://git.example/shop',
      'https://GIT.example/new/info/refs',
      'https://git.example/new',
    ],
    [
      'TLS on the same host',
      'http://git.example/shop',
      'https://git.example/shop/info/refs',
      'https://git.example/shop',
    ],
    [
      'TLS from another port',
      'http://git.example:3000/shop',
      'https://git.example/shop/info/refs',
      'https://git.example/shop',
    ],
    [
      'the place that fetches',
      'https://git.example/shop',
      'https://git.example/new/git-upload-pack',
      'https://git.example/new',
    ],
    [
      'the same host, keeping the user',
      'https://ada@git.example/shop',
      '/new/info/refs',
      'https://ada@git.example/new',
    ],
  ] as const)('follows %s', ([, from, location, follow]) => {
    expect(decideRedirect(from, location)).toEqual({ follow })
  })

  test.for([
    [
      'another host',
      'https://git.example/shop',
      'https://evil.example/shop/info/refs',
      'https://evil.example/shop',
    ],
    [
      'a host that only begins alike',
      'https://git.example/shop',
      'https://git.example.evil/shop/info/refs',
      'https://git.example.evil/shop',
    ],
    [
      'a host behind a user',
      'https://git.example/shop',
      'https://git.example@evil.example/shop/info/refs',
      'https://evil.example/shop',
    ],
    [
      'a host without a scheme',
      'https://git.example/shop',
      '//evil.example/shop/info/refs',
      'https://evil.example/shop',
    ],
    [
      'another port',
      'https://git.example/shop',
      'https://git.example:8443/shop/info/refs',
      'https://git.example:8443/shop',
    ],
    [
      'another port with TLS',
      'http://git.example/shop',
      'https://git.example:8443/shop/info/refs',
      'https://git.example:8443/shop',
    ],
    [
      'the same host without TLS',
      'https://git.example/shop',
      'http://git.example/shop/info/refs',
      'http://git.example/shop',
    ],
    [
      'a login',
      'https://git.example/shop',
      'https://ada:x@git.example/shop/info/refs',
      'https://git.example/shop',
    ],
    ['a page', 'https://git.example/shop', '/users/sign_in?to=shop', 'https://git.example/users/sign_in'],
    ['no repository', 'https://git.example/shop', '/info/refs', 'https://git.example/info/refs'],
    ['a file', 'https://git.example/shop', 'file:///etc/info/refs', 'file:///etc/info/refs'],
    ['a program', 'https://git.example/shop', 'ext::sh', 'ext::sh'],
    ['nothing that could be read', 'https://git.example/shop', 'https://[', 'https://['],
  ] as const)('refuses %s', ([, from, location, refuse]) => {
    expect(decideRedirect(from, location)).toMatchObject({ refuse, because: expect.any(String) })
  })
})

test('readLocation takes the last header of that name, and no text that looks like one', () => {
  const line = (text: string): string => `13:54:52.459506 http.c:684              ${text}`
  expect(readLocation([])).toBeUndefined()
  expect(
    readLocation([
      line('<= Recv header: Location: https://git.example/a'),
      line('<= Recv header: location: /b/info/refs\r'),
      line('<= Recv header: X-Note: <= Recv header: Location: https://evil.example/'),
      line('=> Send header: Location: https://evil.example/'),
      'remote: 1 2 <= Recv header: Location: https://evil.example/',
    ]),
  ).toBe('/b/info/refs')
})

describe('S10: a remote that sends on', () => {
  const bench = gitBench()
  const ref = 'refs/heads/main'
  let path: string
  let commit: string
  let first: HttpRemote
  let second: HttpRemote
  /** Where the first server sends requests for `/moved`. */
  let location: (requested: string) => string
  beforeEach(async () => {
    const cloned = bench.cloned()
    path = cloned.path
    commit = cloned.origin.commit({ a: '2' })
    const serve = serveRepositories(bench.play.directory)
    second = await httpRemote(serve)
    first = await httpRemote(
      withLogin('ada:hunter2', (request, response) => {
        const url = request.url ?? ''
        if (url.startsWith('/moved')) response.writeHead(301, { location: location(url) }).end()
        else serve(request, response)
      }),
    )
    const helper = '!f() { echo username=ada; echo password=hunter2; }; f'
    bench.play.git(path, 'config', 'credential.helper', helper)
    bench.play.git(path, 'remote', 'set-url', 'origin', `${first.url}/moved/a`)
  })
  afterEach(() => Promise.all([first.close(), second.close()]))

  const tail = '/info/refs?service=git-upload-pack'

  test.each([
    'http://evil.invalid/x.git;touch$IFS$9/tmp/PWN;',
    'http://evil.invalid/$(id).git',
    'file:///etc',
  ])('to %s makes no command that somebody could paste', async (to) => {
    location = () => `${to}${tail}`
    const error = await bench.git.fetch(at(path), ref).catch((caught: unknown) => caught as { hint: string })
    expect(error).toMatchObject({ code: 'remote_denied' })
    expect((error as { hint: string }).hint).not.toMatch(/set-url|evil|touch|file:/)
  })

  test('to another host is not followed: not asked, given no login, and named', async () => {
    location = () => `${second.url}/origin.git${tail}`
    bench.play.git(path, 'config', `http.${first.url}.followRedirects`, 'true')
    const watched = watch()
    const { error } = await failureOf(bench.git.fetch(at(path), ref, watched.call))
    expect(error).toMatchObject({
      code: 'remote_denied',
      message: `Cannot fetch ${ref} into ${path}: 127.0.0.1:${first.port} sends on to ${second.url}/origin.git, which is not followed: a login must go to no other host`,
      hint: `If that is where the repository is now, set the new address: git -C ${path} remote set-url origin ${second.url}/origin.git`,
    })
    expect([second.requests, second.logins]).toEqual([[], []])
    expect(watched.output.join('\n')).not.toMatch(/Recv|Authorization|hunter2/)
    expect(watched.survivors()).toEqual([])
  })

  test('to another place of the same host is followed, and said', async () => {
    location = () => `/origin.git${tail}`
    const watched = watch()
    expect(await bench.git.fetch(at(path), ref, watched.call)).toEqual({ ref, commit })
    expect(watched.output).toContain(
      `${first.url}/moved/a has moved to ${first.url}/origin.git; set the new address: git -C ${path} remote set-url origin ${first.url}/origin.git`,
    )
    expect(watched.output.join('\n')).not.toMatch(/Recv|Authorization|hunter2/)
    const url = `${first.url}/moved/a`
    const named = watch()
    expect(await bench.git.fetchNamed({ ...at(path), url }, 'main', named.call)).toEqual({ ref, commit })
    expect(named.output.filter((line) => line.includes('has moved to'))).toEqual([
      `${url} has moved to ${first.url}/origin.git; set \`url\` of the app to ${first.url}/origin.git`,
    ])
  })

  test('three times is followed, in a circle it is given up', async () => {
    location = (requested) =>
      requested.startsWith('/moved/aaa/') ? `/origin.git${tail}` : requested.replace(/\/(a+)\//, '/$1a/')
    expect(await bench.git.defaultBranch(at(path))).toBe('main')
    location = (requested) => requested
    await expect(bench.git.fetch(at(path), ref)).rejects.toMatchObject({
      code: 'remote_denied',
      message: `Cannot fetch ${ref} into ${path}: 127.0.0.1:${first.port} sent on more than 3 times`,
    })
  })

  test('to a page, as hosts do that want a login, is refused with its address', async () => {
    location = () => '/users/sign_in\u001b[2J'.replace('\u001b', '%1b')
    await expect(bench.git.fetch(at(path), ref)).rejects.toMatchObject({
      code: 'remote_denied',
      message: expect.stringContaining(
        `sends on to ${first.url}/users/sign_in%1b[2J, which is not followed: there is no repository`,
      ),
    })
  })
})
