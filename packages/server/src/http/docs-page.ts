import { html, raw } from 'hono/html'
import { createHash } from 'node:crypto'
import { docsAnswers } from './docs-answers.ts'
import { docsFields } from './docs-fields.ts'
import { docsStyle } from './docs-style.ts'
import { type Html, sentence } from './docs-text.ts'
import { signingExample } from './signing-example.ts'
import { type Operation, operationsOf } from './operations.ts'
import type { OpenApiDocument } from './open-api-document.ts'

/** What the page's policy has to allow: its style sheet, and an icon that is none. */
export const docsSources = {
  'style-src': [`'sha256-${createHash('sha256').update(docsStyle).digest('base64')}'`],
  'img-src': ['data:'],
}

/** The documentation as one page, made from the document; `documentUrl` is where programs find that. */
export function docsPage(document: OpenApiDocument, documentUrl: string): Html {
  const operations = operationsOf(document)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}: HTTP interface</title>
        <link rel="icon" href="data:," />
        ${raw(`<style>${docsStyle}</style>`)}
      </head>
      <body>
        <a class="skip" href="#routes">Skip to the routes</a>
        <header>
          <h1>${document.info.title}</h1>
          <p>${sentence(document.info.description)}</p>
          <p>For programs: <a href="${documentUrl}">openapi.json</a></p>
          <nav aria-label="Routes">
            <ul>
              ${operations.map(entry)}
              <li>
                <a href="#signing"
                  ><code>Sign a delivery</code> <span class="summary">with openssl and curl</span></a
                >
              </li>
            </ul>
          </nav>
        </header>
        <main id="routes">${operations.map((operation) => route(operation, document))} ${signing()}</main>
        <footer>
          Made from the same descriptions as the OpenAPI ${document.openapi} document. Nothing on this page
          comes from elsewhere.
        </footer>
      </body>
    </html>`
}

function entry({ id, method, path, operation }: Operation): Html {
  return html`<li>
    <a href="#${id}"
      ><span><span class="method ${method}">${method}</span> <code>${path}</code></span>
      <span class="summary">${operation.summary}</span></a
    >
  </li>`
}

function route({ id, method, path, operation }: Operation, document: OpenApiDocument): Html {
  const { summary, description, responses } = operation
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title"><span class="method ${method}">${method}</span> <code>${path}</code></h2>
    <p><strong>${summary}</strong></p>
    <p>${sentence(description)}</p>
    ${docsFields(document, operation)} ${docsAnswers(responses)}
  </section>`
}

function signing(): Html {
  return html`<section id="signing" aria-labelledby="signing-title">
    <h2 id="signing-title">Sign a delivery</h2>
    <p>
      ${sentence(
        'Sign exactly the bytes that are sent. On the machine itself, `fairway send` does the same without showing the secret to `ps`.',
      )}
    </p>
    <pre><code>${signingExample}</code></pre>
  </section>`
}
