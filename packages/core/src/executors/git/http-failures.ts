import { shellWord } from '../../shell-word.ts'
import type { Failure } from './failure.ts'
import type { Place } from './place.ts'

const tryIt = ({ url }: Place): string => `See whether it answers: git ls-remote ${shellWord(url)}`

const checkAddress = ({ url, checkout }: Place): string =>
  `Check the address ${url} (\`url\` of the app, else git -C ${shellWord(checkout)} remote get-url origin); many hosts answer so too where the login may not see the repository`

/** Typing the password at a prompt keeps it out of process lists and shell history. */
const storeLogin = ({ url }: Place): string =>
  `As the user that Fairway runs as: git config --global credential.helper store, then git ls-remote ${shellWord(url)}, which asks for the login and keeps it`

const certificate =
  /unable to access '.*': (.*(?:certificate|CAfile|SSL CA cert|SSL: no alternative|CApath).*)/i

/** What git and curl say of http and https, the narrowest first. */
export const httpFailures: readonly Failure[] = [
  {
    when: /could not read (Username|Password) for/,
    code: 'remote_denied',
    text: ({ host }) => `${host} asks for a login, and git's credential helper gave none`,
    hint: storeLogin,
  },
  {
    when: /Authentication failed for/,
    code: 'remote_denied',
    text: ({ host }) => `${host} refused the login that git's credential helper gave`,
    hint: storeLogin,
  },
  {
    when: /returned error: (401|403)/,
    code: 'remote_denied',
    text: ({ host }, [, status]) => `${host} answered ${status}: the login may not read this repository`,
    hint: (place) => `Let it read the repository, or give another. ${storeLogin(place)}`,
  },
  {
    when: /returned error: 407|CONNECT tunnel failed, response 407|HTTP code 407 from proxy/,
    code: 'remote_denied',
    text: ({ host }) => `the proxy on the way to ${host} asks for a login (407)`,
    hint: () => `Give git its proxy with a login: git config --global http.proxy`,
  },
  {
    when: /repository '.*' not found|returned error: (404|410)/,
    code: 'remote_not_found',
    text: ({ host, url }) => `${host} has no repository at ${url}`,
    hint: checkAddress,
  },
  {
    when: /not valid: is this a git repository\?|invalid server response/,
    code: 'remote_not_found',
    text: ({ host, url }) => `what ${host} answers at ${url} is no git repository`,
    hint: checkAddress,
  },
  {
    when: /returned error: (429|5\d\d)|HTTP (429|5\d\d)/,
    code: 'remote_unreachable',
    text: ({ host }, [, status, other]) => `${host} answered ${status ?? other}`,
    hint: tryIt,
  },
  {
    when: /returned error: (\d\d\d)/,
    code: 'git_failed',
    text: ({ host }, [, status]) => `${host} answered ${status}`,
    hint: checkAddress,
  },
  {
    when: certificate,
    code: 'remote_denied',
    text: ({ host }, [, said]) => `the TLS certificate of ${host} is not trusted (${said})`,
    hint: ({ host }) =>
      `Renew the certificate of ${host}; one of your own authority: git config --global http.https://${host}/.sslCAInfo FILE`,
  },
  {
    when: /Could not resolve proxy: (\S+)/,
    code: 'remote_unreachable',
    text: ({ host }) => `the name of the proxy on the way to ${host} can't be resolved`,
    hint: () => 'Check http_proxy, https_proxy and git config --get http.proxy',
  },
  {
    when: /Could not resolve host/,
    code: 'remote_unreachable',
    text: ({ name }) => `the name ${name} can't be resolved`,
    hint: ({ name }) => `Check the address and this machine's DNS: getent hosts ${name}`,
  },
  {
    when: /Failed to connect to .*(Connection refused|Couldn't connect to server)/,
    code: 'remote_unreachable',
    text: ({ host }) => `${host} refused the connection`,
    hint: tryIt,
  },
  {
    when: /Failed to connect to|Connection timed out|Operation timed out|Timeout was reached|Operation too slow/,
    code: 'remote_unreachable',
    text: ({ host }) => `no connection to ${host} came about`,
    hint: tryIt,
  },
  {
    when: /gnutls_handshake\(\) failed|SSL_connect|SSL connect error|TLS connect error|handshake failure|wrong version number/i,
    code: 'remote_unreachable',
    text: ({ host }) => `the TLS handshake with ${host} broke off`,
    hint: tryIt,
  },
]
