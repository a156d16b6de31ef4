/** The examples in the documents, which tests run. */

/**
 * The first TypeScript example of a Markdown text.
 *
 * @param {string} markdown
 * @throws {Error} when there is none
 */
export function exampleIn(markdown) {
  const block = /^```ts\n(.*?)^```$/ms.exec(markdown);
  if (!block) throw new Error('example: the text must hold a block that starts with ```ts');
  return block[1];
}
