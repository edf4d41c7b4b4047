// The frame of every page, with its policy: made when the pages are built, filled by page.ts.

/** Where the title goes; once in every page. */
export const titleMark = '<!--title-->'
/** Where the data go; once in every page, after the title. */
export const dataMark = '<!--data-->'

/** What a page is made of; hashes are base64 of the SHA-256 of the texts. */
export type Parts = {
  readonly script: string
  readonly scriptHash: string
  readonly style: string
  readonly styleHash: string
}

/** One HTML file with both marks in it. The script must have gone through `inlineScript`. */
export function template({ script, scriptHash, style, styleHash }: Parts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleMark}</title>
<style>${style}</style>
</head>
<body>
<noscript>This page draws its picture with a script of its own, which this browser does not run.</noscript>
<div id="page"></div>
<script id="data" type="application/json">${dataMark}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** A script as it may stand inside of a page: nothing in it ends the element, and no mark is in it. */
export function inlineScript(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3C!--')
}

/** JSON inside of a page: `<` only ever stands in strings, where it may as well be escaped. */
export function escapedJson(text: string): string {
  return text.replaceAll('<', '\\u003c')
}
