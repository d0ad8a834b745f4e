/** What is true of every key, as paragraphs. */
export const introduction: readonly string[] = [
  `Fairway reads one file, \`fairway.yaml\`. This page explains each of its keys. \`fairway config check\` finds every mistake in one run,
each with its key and line; \`fairway config show\` prints what counts in the end and where each value comes from, with secrets masked;
\`fairway config schema\` prints a JSON Schema for editors (\`# yaml-language-server: $schema=FILE\` as first line of the file).`,
  `The least that does something:`,
  `\`\`\`yaml
apps:
  shop:
    repository: acme/shop
    path: /srv/shop
\`\`\``,
  `with the webhook's secret as \`GITHUB_WEBHOOK_SECRET\` in \`.env\` beside it (\`fairway secret new\` makes one).`,
  '## Where it is looked for',
  `\`--config FILE\` of any command; else \`FAIRWAY_CONFIG\` of the environment; else \`./fairway.yaml\`; else \`/etc/fairway/fairway.yaml\`.
The first one of these that is given or there is the one: where a named file is missing, no other is taken. A path in it that is
relative is relative to the folder of the file. \`~\` is not replaced: write \`\${HOME}\`.`,
  '## What wins',
  `From the weakest to the strongest: the defaults, the file, the environment, the flags. The environment decides \`HOST\`, \`PORT\` and
\`FAIRWAY_DATA\` (where they aren't empty); the flags \`--host\`, \`--port\` and \`--log\` are those of \`fairway serve\`.`,
  `\`.env\` beside the file counts as environment. What stands in both is taken from the real environment.`,
  '## Variables',
  `In any text \`\${NAME}\` is replaced, once, after the file was read: what a variable holds can't bring keys of its own, and \`\${...}\` in it
stays as it is. Numbers, durations and true or false may come from variables, too. Inside \`[ ]\` and \`{ }\` put it in quotes:
\`["\${NAME}"]\`. \`$\${\` stands for a plain \`\${\`; there are no defaults such as \`\${NAME:-x}\`.`,
  `Where \`NAME\` is not set, but \`NAME_FILE\` is, the value is read from the file that it names, without the line break at its end. So a
secret needs to stand neither in the configuration nor in the environment: \`GITHUB_WEBHOOK_SECRET_FILE=/run/secrets/webhook\`.`,
  `A variable that is not set is a mistake, but in three places: in \`path\` the app is off, with a warning; an entry of \`webhook.secrets\`
is dropped; a variable of \`compose.environment\` is not passed on.`,
  '## Durations, names, mistakes',
  `Durations have a unit: \`500ms\`, \`30s\`, \`2m\`, \`1h\`, \`30d\`. A key that isn't known is a mistake; so is one that is given twice. A section whose
keys are all commented out means its defaults.`,
  `\`fairway serve\` refuses to start with what would not be safe: without a secret, with one of fewer than 16 characters, or with
\`webhook.allowUnsigned\` on an address that others can reach.`,
]
