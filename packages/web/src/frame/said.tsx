/** Words that core says in both languages, with its marks: `$formula$` and `` `code` ``. Text is only ever drawn as text. */
import type { Bilingual } from '@hw5/core/homework';
import { Fragment } from 'preact';
import { Tex } from '../math/tex.js';
import { useFrame } from './context.js';

export function Said({ text }: { readonly text: Bilingual }) {
  const words = text[useFrame().settings.get('language')];
  return (
    <>
      {words.split(/(\$[^$]*\$|`[^`]*`)/).map((piece, index) => {
        if (index % 2 === 0) return <Fragment key={index}>{piece}</Fragment>;
        const inside = piece.slice(1, -1);
        return piece.startsWith('$') ? <Tex key={index} tex={inside} /> : <code key={index}>{inside}</code>;
      })}
    </>
  );
}
