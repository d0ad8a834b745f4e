import { html } from 'hono/html'
import { example, type Html, sentence } from './docs-text.ts'
import type { OperationObject } from './operations.ts'

type Answer = Exclude<NonNullable<OperationObject['responses']>[string], { readonly $ref: string }>

/** Every answer of a route, with its headers and examples. */
export function docsAnswers(responses: OperationObject['responses'] = {}): Html {
  return html`<h3>Answers</h3>
    <ul class="answers">
      ${Object.entries(responses).map(([status, given]) => !('$ref' in given) && answer(status, given))}
    </ul>`
}

function answer(status: string, { description, headers = {}, content = {} }: Answer): Html {
  return html`<li>
    <h4><span class="status s${status.slice(0, 1)}">${status}</span> ${sentence(description)}</h4>
    ${Object.entries(headers).map(
      ([name, header]) => html`<p class="caption"><code>${name}</code>: ${sentence(header.description)}</p>`,
    )}
    ${Object.entries(content).map(([type, { examples }]) =>
      examples === undefined
        ? html`<p class="caption"><code>${type}</code></p>`
        : Object.values(examples).map(
            (shown) =>
              'value' in shown &&
              html`<p class="caption">${shown.summary}</p>
                ${example(shown.value)}`,
          ),
    )}
  </li>`
}
