import { age, duration, flag, list, oneOf, section, size, text, whole } from '../fields.ts'
import { addressRule, hostRule, pathRule } from '../rules.ts'

/** What is under `server`: where it listens, what it writes, how much it does at once. */
export const server = section({
  host: text(hostRule).default('127.0.0.1').meta({
    description:
      'Address to listen on. 127.0.0.1 is reached from this machine alone, by a reverse proxy for example; 0.0.0.0 is every address.',
  }),
  port: whole({ min: 0, max: 65_535 }).default(8000).meta({
    description: 'Port to listen on. 0: any free one; the log says which.',
  }),
  dataDir: text(pathRule).default('.fairway').meta({
    description:
      'Folder for what the server keeps: its journal of deliveries and deployments, their logs, `server.lock`. Made with mode 0700; one server at a time uses it. Not on a network file system.',
  }),
  logFile: text(pathRule).nullable().default('webhook_server.log').meta({
    description: 'File that the log is appended to, beside the console; null: console only.',
  }),
  logFormat: oneOf(['text', 'json']).default('text').meta({
    description: 'Lines for people, or one JSON object for each delivery and each step.',
  }),
  concurrency: whole({ min: 1 }).default(2).meta({
    description: 'Deployments at once over all apps. Of one app there is never more than one at a time.',
  }),
  statusPage: flag().default(true).meta({
    description: 'Whether `GET /` says that the server runs; otherwise it answers 404.',
  }),
  trustedProxies: list(text(addressRule))
    .default([])
    .meta({
      description:
        "Reverse proxies whose X-Forwarded-For tells who sent a request, as addresses and networks. Anybody else's is ignored.",
      examples: [['127.0.0.1', '10.0.0.0/8']],
    }),
  catchUp: duration({ min: 0 }).default(300_000).meta({
    description:
      'How often the remotes are asked for pushes that never came here. They are at the start and after an outage, too. A commit that a deployment has ended for is left alone, however it ended. 0: never.',
  }),
  keep: section({
    deliveries: age()
      .default(30 * 86_400_000)
      .meta({
        description: 'How long deliveries are kept, with what was sent; `fairway replay` needs it.',
      }),
    deployments: whole({ min: 1 }).default(200).meta({
      description: 'How many ended deployments of each app are kept.',
    }),
    logs: age()
      .default(30 * 86_400_000)
      .meta({
        description: 'How long the logs of deployments are kept. One log holds 5 MB of output at most.',
      }),
  })
    .prefault({})
    .meta({ description: 'What is forgotten, and when; never what has not ended.' }),
  disk: section({
    minFree: size().default(2_000_000_000).meta({
      description:
        'How much must be free before images are built, where Docker keeps them and where the checkout lies, such as 500MB, 2GB or 2GiB. With less the deploy fails before anything is touched, saying what could go. 0: whatever there is.',
    }),
  })
    .prefault({})
    .meta({ description: 'What a deploy leaves free.' }),
})
