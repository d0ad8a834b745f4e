import { ageOrNull, anyText, duration, flag, list, oneOf, section, text, whole } from '../fields.ts'
import {
  branchRule,
  checkoutFileRule,
  globRule,
  pathRule,
  probeRule,
  projectPartRule,
  repositoryRule,
  serviceRule,
  triggerRule,
} from '../rules.ts'
import { urlRule } from '../url-rule.ts'
import { compose } from './compose.ts'
import { hooks } from './hooks.ts'

/** What is under `apps.NAME`. Defaults of its sections are core's `appDefaults`, filled in by `defineApp`. */
export const app = section({
  repository: text(repositoryRule).meta({
    description:
      'The repository whose pushes deploy the app, as owner/name. A bare name matches that repository of any owner, and is warned about.',
    examples: ['acme/shop'],
  }),
  branch: text(branchRule)
    .exactOptional()
    .meta({
      description:
        'The branch to follow; pushes to others are skipped. Not set: the branch that is checked out, or without a checkout the default branch of the remote.',
      examples: ['main'],
    }),
  path: text(pathRule).meta({
    description:
      "Folder of the checkout. Where it isn't there yet, the first deploy clones it, if `url` is set. A variable in it that has no value turns the app off, with a warning.",
    examples: ['/srv/shop'],
  }),
  url: text(urlRule)
    .exactOptional()
    .meta({
      description:
        'Where to clone and fetch from, without a password. By https, ssh (also git@host:path), http, file:// or an absolute path. Not set: the origin of the checkout; set, it wins over that.',
      examples: ['git@github.com:acme/shop.git'],
    }),
  enabled: flag().default(true).meta({
    description: 'Whether the app is deployed; otherwise pushes to its repository are skipped.',
  }),
  project: text(projectPartRule)
    .exactOptional()
    .meta({
      description: 'Name of the Compose project, without the color. Not set: the name of the app.',
      examples: ['shop'],
    }),
  color: anyText()
    .refine((value) => projectPartRule(value) === undefined, {
      error: ({ input }) => projectPartRule(String(input)),
    })
    .exactOptional()
    .meta({
      description:
        'Put before the name of the Compose project. COLOR in the `.env` of the checkout wins. Not set: nothing is put before it.',
      examples: ['red'],
    }),
  webhookSecrets: list(anyText()).default([]).meta({
    description:
      "Secrets of this app alone, instead of those in `webhook.secrets`. With them the secret of one app can't deploy another.",
  }),
  compose: compose.exactOptional(),
  paths: list(text(globRule))
    .min(1, { error: 'must have a glob in it; "**" matches every file' })
    .exactOptional()
    .meta({
      description:
        'Globs of files; a push that changes none of them is skipped. Relative to the top of the checkout; `*` stays within a folder, `**` does not; the last glob that matches a file decides, and one with `!` before it leaves the file out. With nothing but such ones every other file counts. What changed is counted from the last successful deployment; the first one and deploys by hand are never skipped.',
    }),
  rebuild: section({
    mode: oneOf(['auto', 'triggers', 'always', 'never']).exactOptional().meta({
      description:
        'Which images a deploy builds. auto: those whose files changed since the last success. triggers: all of them when a trigger file changed, else none. always, never: all or none.',
    }),
    triggers: list(text(triggerRule)).exactOptional().meta({
      description:
        'Names of files that call for a build when they change, in whatever folder. In auto one inside a build context counts for that service, one outside every context for all.',
    }),
    triggerFile: text(checkoutFileRule).exactOptional().meta({
      description:
        'File in the checkout that has every image built once. An untracked one is removed after the deploy succeeded; a tracked one counts when the push added or changed it.',
    }),
    refreshBase: ageOrNull().exactOptional().meta({
      description:
        'Age after which an image is built anew from the newest base images, such as 24h or 7d. null: never; then they are as new as they were when a change last had it built.',
    }),
  })
    .exactOptional()
    .meta({ description: 'When images are built.' }),
  rollout: section({
    healthTimeout: duration().exactOptional().meta({
      description:
        'How long the containers may take until all of them run and are healthy, and then, once more as long, until `probe` is answered. A crash is not waited out. Left at its default, a healthcheck with a longer `start_period` is waited for until that is over and one more check is done; any other time is a deadline.',
    }),
    settle: duration({ min: 0 }).exactOptional().meta({
      description: 'How long a container must stand still before it counts as up.',
    }),
    probe: text(probeRule)
      .exactOptional()
      .meta({
        description:
          'Something that every replica of a service must answer once all is up: http://SERVICE:PORT/path with a status from 200 to 399 (redirects are not followed), or tcp://SERVICE:PORT by taking the connection. The port is the one inside the container, which is asked at its own address, or where that cannot be reached at the port that it publishes. Asked about four times a second, for two seconds at most. Not set: nothing is asked.',
        examples: ['http://web:8080/healthz', 'tcp://db:5432'],
      }),
    onFailure: oneOf(['rollback', 'keep']).exactOptional().meta({
      description:
        'What happens when a deploy fails after it has replaced, started or removed containers. rollback: the last success is brought back, checkout and images included and without network, is proven healthy, and the content that failed is held until it changes. keep: everything is left as it is. Neither touches volumes: data is never rolled back.',
    }),
    watch: duration({ min: 0 }).exactOptional().meta({
      description:
        'How long the server goes on watching what a push deployed, such as 5m. Where one of its containers is restarted, ends or becomes unhealthy meanwhile, or `probe` goes unanswered three times in a row, the server goes back to the release before, as `fairway rollback` does, and holds what turned bad; with `onFailure: keep` it only says so. A newer deployment ends the watch, a restart of the server goes on with it. What was gone back to is not watched. 0: nothing is watched.',
    }),
    keepReleases: whole({ min: 1, max: 1_000 }).exactOptional().meta({
      description:
        'How many releases are kept to go back to, the present one included: their commits, and their images under names such as `fairway/shop/web:0123456789ab`.',
    }),
  })
    .exactOptional()
    .meta({ description: 'When a deploy counts as a success, and what happens when it does not.' }),
  migrate: section({
    service: text(serviceRule).meta({
      description:
        'Name of the service. What it depends on is left as it runs, and started where it does not run yet.',
      examples: ['migrate'],
    }),
  })
    .exactOptional()
    .meta({
      description:
        'A service that is run once, to its end and from its new image, whenever a deploy replaces anything: after `hooks.beforeUp` and before any other container is replaced. Unless it ends with 0 the deploy fails, and what was deployed before goes on running. It has `timeouts.up` to end, and is not brought up with the others. What it did to the data is never undone, so the old version must be able to work with it.',
    }),
  hooks: hooks.exactOptional(),
  timeouts: section({
    git: duration().exactOptional().meta({
      description: 'The longest that one git command may take which talks to the remote or moves the tree.',
    }),
    build: duration().exactOptional().meta({ description: 'The longest that building images may take.' }),
    up: duration().exactOptional().meta({
      description: 'The longest that `docker compose up` may take, pulling images included.',
    }),
  })
    .exactOptional()
    .meta({
      description: 'When a step is given up: it is stopped with all that it started, and the deploy fails.',
    }),
})
