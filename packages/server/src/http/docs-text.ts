import { html } from 'hono/html'

/** A piece of a page, with whatever stood in it escaped. */
export type Html = ReturnType<typeof html>

/** Text in which `code` stands between backticks. */
export function sentence(text = ''): readonly (string | Html)[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))
}

/** An example as it is sent; a short one on one line. */
export function example(value: unknown): Html {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  const line = text.replaceAll(/\n */g, ' ')
  return html`<pre><code>${line.length <= 90 ? line : text}</code></pre>`
}
