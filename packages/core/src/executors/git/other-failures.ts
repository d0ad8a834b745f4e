import { shellWord } from '../../shell-word.ts'
import type { Failure } from './failure.ts'
import { allowedProtocols } from './url.ts'

/** What git says whatever the transport is. */
export const otherFailures: readonly Failure[] = [
  {
    when: /transport '(.*)' not allowed/,
    code: 'unsafe_url',
    text: (_, [, transport]) => `git's configuration would have it fetched over ${transport}`,
    hint: ({ checkout }) =>
      `Only ${allowedProtocols.replaceAll(':', ', ')} are allowed; look for what names the other: git -C ${shellWord(checkout)} config --show-origin --get-regexp '^(url|remote)'`,
  },
  {
    when: /does not appear to be a git repository|repository '.*' does not exist/,
    code: 'remote_not_found',
    text: ({ url }) => `'${url}' does not appear to be a git repository`,
    hint: ({ url, checkout }) =>
      `Check the address ${url} (\`url\` of the app, else git -C ${shellWord(checkout)} remote get-url origin)`,
  },
  {
    when: new RegExp(
      [
        'Connection (closed|reset) by',
        'Connection reset',
        'Broken pipe',
        'Empty reply from server',
        'Recv failure',
        'Send failure',
        'transfer closed',
        'recv error',
        'SSL_read',
        'RPC failed',
        'was not closed cleanly',
        'the remote end hung up',
        'early EOF',
        'expected flush after ref listing',
        'unexpected disconnect',
        'TLS connection was non-properly terminated',
      ].join('|'),
      'i',
    ),
    code: 'remote_unreachable',
    text: ({ host }) => `${host} broke off the connection`,
    hint: ({ url }) => `See whether it answers: git ls-remote ${shellWord(url)}`,
  },
]
