import { expect, test } from 'vitest'
import { describeError } from '../../../src/errors.ts'
import { describePlace } from '../../../src/executors/git/place.ts'
import { remoteError } from '../../../src/executors/git/remote-error.ts'

const https = 'https://ada@git.example:8443/acme/shop.git'
const ssh = 'ssh://ada@git.example:2222/acme/shop.git'
const scp = 'git@git.example:acme/shop.git'

const explain = (url: string, said: string) =>
  remoteError('Cannot fetch', said.split('\n'), describePlace(url, '/srv/shop'))

const accessing = "fatal: unable to access 'https://git.example:8443/acme/shop.git/': "
const noRead = '\nfatal: Could not read from remote repository.'

// Word for word what git, curl (GnuTLS and OpenSSL), ssh and hosts say.
test.for([
  [
    https,
    `${accessing}Could not resolve host: git.example`,
    'remote_unreachable',
    "the name git.example can't be resolved",
  ],
  [
    https,
    `${accessing}Could not resolve proxy: proxy.example`,
    'remote_unreachable',
    "the name of the proxy on the way to git.example:8443 can't be resolved",
  ],
  [
    https,
    `${accessing}Failed to connect to git.example port 8443 after 2 ms: Couldn't connect to server`,
    'remote_unreachable',
    'git.example:8443 refused the connection',
  ],
  [
    https,
    `${accessing}Failed to connect to git.example port 8443: Connection refused`,
    'remote_unreachable',
    'git.example:8443 refused the connection',
  ],
  [
    https,
    `${accessing}Failed to connect to git.example port 8443: Connection timed out`,
    'remote_unreachable',
    'no connection to git.example:8443 came about',
  ],
  [
    https,
    `${accessing}Failed to connect to git.example port 8443: No route to host`,
    'remote_unreachable',
    'no connection to git.example:8443 came about',
  ],
  [
    https,
    `${accessing}Operation too slow. Less than 1000 bytes/sec transferred the last 30 seconds`,
    'remote_unreachable',
    'no connection to git.example:8443 came about',
  ],
  [
    https,
    `${accessing}Empty reply from server`,
    'remote_unreachable',
    'git.example:8443 broke off the connection',
  ],
  [
    https,
    `${accessing}Recv failure: Connection reset by peer`,
    'remote_unreachable',
    'git.example:8443 broke off the connection',
  ],
  [
    https,
    `${accessing}GnuTLS recv error (-110): The TLS connection was non-properly terminated.`,
    'remote_unreachable',
    'git.example:8443 broke off the connection',
  ],
  [
    https,
    `${accessing}OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104`,
    'remote_unreachable',
    'git.example:8443 broke off the connection',
  ],
  [
    https,
    `${accessing}gnutls_handshake() failed: The TLS connection was non-properly terminated.`,
    'remote_unreachable',
    'the TLS handshake with git.example:8443 broke off',
  ],
  [
    https,
    `${accessing}OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.example:8443`,
    'remote_unreachable',
    'the TLS handshake with git.example:8443 broke off',
  ],
  [
    https,
    'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF',
    'remote_unreachable',
    'git.example:8443 broke off the connection',
  ],
  [
    https,
    'error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502',
    'remote_unreachable',
    'git.example:8443 answered 502',
  ],
  [
    https,
    `${accessing}The requested URL returned error: 504`,
    'remote_unreachable',
    'git.example:8443 answered 504',
  ],
  [
    https,
    `${accessing}The requested URL returned error: 429`,
    'remote_unreachable',
    'git.example:8443 answered 429',
  ],
  [
    https,
    `${accessing}server certificate verification failed. CAfile: none CRLfile: none`,
    'remote_denied',
    'the TLS certificate of git.example:8443 is not trusted (server certificate verification failed. CAfile: none CRLfile: none)',
  ],
  [
    https,
    `${accessing}SSL certificate problem: certificate has expired`,
    'remote_denied',
    'the TLS certificate of git.example:8443 is not trusted (SSL certificate problem: certificate has expired)',
  ],
  [
    https,
    `${accessing}SSL: no alternative certificate subject name matches target host name 'git.example'`,
    'remote_denied',
    "the TLS certificate of git.example:8443 is not trusted (SSL: no alternative certificate subject name matches target host name 'git.example')",
  ],
  [
    https,
    `${accessing}error setting certificate verify locations:  CAfile: /none CApath: none`,
    'remote_denied',
    'the TLS certificate of git.example:8443 is not trusted (error setting certificate verify locations:  CAfile: /none CApath: none)',
  ],
  [
    https,
    "fatal: could not read Password for 'https://ada@git.example:8443': terminal prompts disabled",
    'remote_denied',
    "git.example:8443 asks for a login, and git's credential helper gave none",
  ],
  [
    https,
    "fatal: Authentication failed for 'https://ada@git.example:8443/acme/shop.git/'",
    'remote_denied',
    "git.example:8443 refused the login that git's credential helper gave",
  ],
  [
    https,
    `${accessing}The requested URL returned error: 403`,
    'remote_denied',
    'git.example:8443 answered 403: the login may not read this repository',
  ],
  [
    https,
    `${accessing}CONNECT tunnel failed, response 407`,
    'remote_denied',
    'the proxy on the way to git.example:8443 asks for a login (407)',
  ],
  [
    https,
    "remote: Repository not found.\nfatal: repository 'https://git.example:8443/acme/shop.git/' not found",
    'remote_not_found',
    'git.example:8443 has no repository at https://git.example:8443/acme/shop.git',
  ],
  [
    https,
    'fatal: https://git.example:8443/acme/shop.git/info/refs not valid: is this a git repository?',
    'remote_not_found',
    'what git.example:8443 answers at https://git.example:8443/acme/shop.git is no git repository',
  ],
  [https, `${accessing}The requested URL returned error: 418`, 'git_failed', 'git.example:8443 answered 418'],
  [
    ssh,
    `ssh: Could not resolve hostname git.example: Temporary failure in name resolution${noRead}`,
    'remote_unreachable',
    "the name git.example can't be resolved",
  ],
  [
    ssh,
    `ssh: connect to host git.example port 2222: Connection refused${noRead}`,
    'remote_unreachable',
    'git.example:2222 refused the connection',
  ],
  [
    ssh,
    `ssh: connect to host git.example port 2222: Network is unreachable${noRead}`,
    'remote_unreachable',
    'no connection to git.example:2222 came about',
  ],
  [
    ssh,
    `Connection timed out during banner exchange${noRead}`,
    'remote_unreachable',
    'no connection to git.example:2222 came about',
  ],
  [
    ssh,
    `Timeout, server git.example not responding.${noRead}`,
    'remote_unreachable',
    'no connection to git.example:2222 came about',
  ],
  [
    ssh,
    `kex_exchange_identification: Connection closed by remote host${noRead}`,
    'remote_unreachable',
    'git.example:2222 broke off the connection',
  ],
  [
    ssh,
    `Connection reset by 192.0.2.1 port 2222${noRead}`,
    'remote_unreachable',
    'git.example:2222 broke off the connection',
  ],
  [
    ssh,
    `client_loop: send disconnect: Broken pipe\nfatal: early EOF`,
    'remote_unreachable',
    'git.example:2222 broke off the connection',
  ],
  [
    ssh,
    `ada@git.example: Permission denied (publickey,password).${noRead}`,
    'remote_denied',
    'git.example:2222 accepted none of the ssh keys it was offered',
  ],
  [
    ssh,
    `Received disconnect from 192.0.2.1 port 2222:2: Too many authentication failures${noRead}`,
    'remote_denied',
    'git.example:2222 accepted none of the ssh keys it was offered',
  ],
  [
    ssh,
    `Unable to negotiate with 192.0.2.1 port 2222: no matching host key type found. Their offer: ssh-rsa${noRead}`,
    'remote_denied',
    "ssh and git.example:2222 can't agree (no matching host key type found)",
  ],
  [
    ssh,
    'error: cannot run ssh: No such file or directory\nfatal: unable to fork',
    'git_failed',
    'ssh is not installed',
  ],
  [
    scp,
    `remote: ERROR: The project you were looking for could not be found or you don't have permission to view it.${noRead}`,
    'remote_not_found',
    'git.example has no repository at git@git.example:acme/shop.git',
  ],
  [
    scp,
    `ERROR: Repository not found.${noRead}`,
    'remote_not_found',
    'git.example has no repository at git@git.example:acme/shop.git',
  ],
  [
    scp,
    `fatal: 'acme/shop.git' does not appear to be a git repository${noRead}`,
    'remote_not_found',
    "'git@git.example:acme/shop.git' does not appear to be a git repository",
  ],
  [
    scp,
    "fatal: transport 'hack' not allowed",
    'unsafe_url',
    "git's configuration would have it fetched over hack",
  ],
] as const)('%s: %s', ([url, said, code, words]) => {
  const error = explain(url, said)
  expect(error).toMatchObject({ code, message: `Cannot fetch: ${words}`, hint: expect.any(String) })
  expect(describeError(error)).not.toMatch(/ada/)
})

test.for([
  "fatal: couldn't find remote ref refs/heads/gone",
  'fatal: write error: No space left on device\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
  'error: unable to write file .git/objects/pack/tmp_pack_x\nfatal: early EOF',
  "error: cannot open '.git/FETCH_HEAD': Permission denied",
  'error: insufficient permission for adding an object to repository database .git/objects\nfatal: early EOF',
  'remote: fatal: early EOF\nremote: Permission denied (publickey)\nfatal: protocol error: bad pack header',
])('what is no fault of the remote, or only said by it, is left to others: %j', (said) => {
  expect(explain(https, said)).toBeUndefined()
})

test.for([
  [scp, `git@git.example: Permission denied (publickey).`, 'ssh -T git@git.example'],
  [ssh, `Host key verification failed.`, 'ssh-keyscan -p 2222 git.example >> ~/.ssh/known_hosts'],
  ['ssh://git@[::1]:22/x', `Host key verification failed.`, 'ssh-keyscan -p 22 ::1 >> ~/.ssh/known_hosts'],
  [
    ssh,
    `@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.`,
    "ssh-keygen -R '[git.example]:2222'",
  ],
  [https, `${accessing}Could not resolve host: git.example`, 'getent hosts git.example'],
  [https, `${accessing}Empty reply from server`, 'git ls-remote https://git.example:8443/acme/shop.git'],
] as const)('the hint for %s, %s: %s', ([url, said, command]) => {
  expect(explain(url, said)?.hint).toContain(command)
})
