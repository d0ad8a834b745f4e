import { createHash, createHmac } from 'node:crypto'

export const secret = 'a secret of more than sixteen characters'
export const repository = 'acme/shop'

/** Pushes of 8 kB as GitHub sends them, signed: bodies and the headers that belong to each but its id. */
export interface Signed {
  readonly headers: string
  readonly body: Buffer
}

export function signedPushes(count: number, host: string): readonly Signed[] {
  return Array.from({ length: count }, (_, index) => {
    const body = Buffer.from(JSON.stringify(payload(index)))
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const headers = [
      'POST /webhook HTTP/1.1',
      `Host: ${host}`,
      'User-Agent: GitHub-Hookshot/044aadd',
      'Accept: */*',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'X-GitHub-Event: push',
      'X-GitHub-Hook-ID: 292430182',
      'X-GitHub-Hook-Installation-Target-ID: 79929171',
      'X-GitHub-Hook-Installation-Target-Type: repository',
      `X-Hub-Signature: sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
      `X-Hub-Signature-256: sha256=${signature}`,
      '',
    ]
    return { headers: headers.join('\r\n'), body }
  })
}

/** Three commits, and the repository, owner and sender with all their addresses. */
function payload(index: number): object {
  const commits = [0, 1, 2].map((part) => commit(sha(index, part)))
  return {
    ref: 'refs/heads/main',
    before: sha(index - 1, 2),
    after: sha(index, 2),
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${repository}/compare/${sha(index - 1, 2)}...${sha(index, 2)}`,
    commits,
    head_commit: commits[2],
    repository: {
      id: 186_853_002,
      name: 'shop',
      full_name: repository,
      private: false,
      owner: { name: 'acme', email: 'acme@example.com', ...userAddresses('acme') },
      default_branch: 'main',
      master_branch: 'main',
      ...addresses(`https://api.github.com/repos/${repository}`),
      pushed_at: 1_700_000_000 + index,
    },
    pusher: { name: 'ada', email: 'ada@example.com' },
    sender: { login: 'ada', id: 21_031_067, ...userAddresses('ada') },
  }
}

function commit(id: string): object {
  const ada = { name: 'Ada Lovelace', email: 'ada@example.com', username: 'ada' }
  return {
    id,
    tree_id: id.split('').toReversed().join(''),
    distinct: true,
    message: `Show the price with tax\n\n${'It was shown without it where the basket held more than one. '.repeat(3)}`,
    timestamp: '2026-01-31T12:00:00+01:00',
    url: `https://github.com/${repository}/commit/${id}`,
    author: ada,
    committer: ada,
    added: [],
    removed: [],
    modified: ['web/index.html', 'web/basket.ts', 'api/prices.ts'],
  }
}

const kinds = [
  'forks,keys,collaborators,teams,hooks,issue_events,events,assignees,branches,tags,blobs,git_tags',
  'git_refs,trees,statuses,languages,stargazers,contributors,subscribers,subscription,commits,git_commits,comments',
  'issue_comment,contents,compare,merges,archive,downloads,issues,pulls,milestones,notifications,labels,releases',
].flatMap((list) => list.split(','))

/** A user has fewer than a repository. */
const userKinds =
  'followers,following,gists,starred,subscriptions,organizations,repos,events,received_events'.split(',')

function userAddresses(login: string): object {
  const base = `https://api.github.com/users/${login}`
  return Object.fromEntries(userKinds.map((kind) => [`${kind}_url`, `${base}/${kind}{/other}`]))
}

function addresses(base: string): object {
  return Object.fromEntries(kinds.map((kind) => [`${kind}_url`, `${base}/${kind}{/sha}`]))
}

function sha(index: number, part: number): string {
  return createHash('sha1').update(`${index} ${part}`).digest('hex')
}
