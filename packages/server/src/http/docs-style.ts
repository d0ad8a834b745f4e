/** The style sheet of the documentation. It stands in the page, which names its hash in its policy. */
export const docsStyle = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --card: #ffffff; --text: #1f2328; --quiet: #57606a; --line: #dedad3;
  --code: #f3f1ec; --accent: #0b5fa5; --get: #0b5fa5; --post: #8a4b00;
  --good: #1a6b34; --moved: #57606a; --bad: #a4262c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1b1f24; --text: #e4e7eb; --quiet: #a3adb8; --line: #333a42;
    --code: #22272e; --accent: #7cbcf5; --get: #7cbcf5; --post: #f0b266;
    --good: #7fd493; --moved: #a3adb8; --bad: #ff9a94;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: break-word;
}
.skip { position: absolute; left: -100vw; top: 0; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.skip:focus { left: 0; }
header, main, footer { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
h1 { margin: 0; font-size: 2.25rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 0; font-size: 1.25rem; line-height: 1.4; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
h4 { margin: 0; font-size: 1rem; font-weight: 400; }
p { margin: .5rem 0; }
header p { max-width: 44rem; color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
nav ul { list-style: none; margin: 1.5rem 0 0; padding: 0; border-top: 1px solid var(--line); }
nav li { border-bottom: 1px solid var(--line); }
nav a { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .55rem 0; color: inherit; text-decoration: none; }
nav a:hover .summary { text-decoration: underline; }
nav .summary { color: var(--quiet); }
code, pre, .method, .status { font-family: ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
code { font-size: .875em; background: var(--code); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
h2 code, nav code, pre code { background: none; padding: 0; }
h2 code, nav code { font-size: 1em; font-weight: 600; }
pre {
  margin: .5rem 0 0; padding: .75rem 1rem; background: var(--code); border-radius: 6px;
  font-size: .8125rem; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere;
}
pre code { font-size: 1em; }
section { margin: 1.75rem 0; padding: 1.25rem 1.5rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; scroll-margin-top: 1rem; }
.method { display: inline-block; min-width: 3.2em; font-weight: 700; color: var(--get); }
.POST { color: var(--post); }
.status { font-weight: 700; color: var(--bad); }
.s2 { color: var(--good); }
.s3 { color: var(--moved); }
dl { margin: .5rem 0 0; }
dt { margin-top: .6rem; }
dd { margin: 0; color: var(--quiet); }
dt .kind { color: var(--quiet); font-size: .875rem; }
@media (min-width: 48rem) {
  dl { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: .55rem 1.25rem; margin-bottom: .75rem; }
  dt { margin: 0; }
  dt .kind { display: block; }
}
ul.answers { list-style: none; margin: 0; padding: 0; }
ul.answers > li { padding: .75rem 0; border-top: 1px solid var(--line); }
ul.answers > li:last-child { padding-bottom: 0; }
.caption { margin: .6rem 0 0; font-size: .875rem; color: var(--quiet); }
.caption + pre { margin-top: .25rem; }
footer { padding-top: .5rem; padding-bottom: 3rem; color: var(--quiet); }
@media (max-width: 30rem) {
  header { padding-top: 1.75rem; }
  h1 { font-size: 1.75rem; }
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  section { padding: 1rem .9rem 1.1rem; }
}
`
