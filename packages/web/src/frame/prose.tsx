/**
 * A sentence from a dictionary with its marks made live: `$formula$`, `[[term]]` or `[[term|shown]]` of the glossary,
 * `((link|shown))` that operates the figure, `*emphasis*`. Text is only ever drawn as text.
 */
import { Fragment } from 'preact';
import { isTerm } from '../i18n/glossary.js';
import { Tex } from '../math/tex.js';
import { Operate } from './operate.js';
import { piecesOf } from './prose-marks.js';
import { Term } from './term.js';

export interface ProseProps {
  readonly text: string;
  /** What `((name|shown))` does, and which part of the figure it is about: the whole when a function stands alone. */
  readonly links?: Readonly<Record<string, (() => void) | Operation>>;
}

interface Operation {
  readonly act: () => void;
  readonly target: string;
}

export function Prose({ text, links = {} }: ProseProps) {
  return (
    <>
      {piecesOf(text).map((piece, index) => {
        const key = `${index}${piece.kind}`;
        switch (piece.kind) {
          case 'tex':
            return <Tex key={key} tex={piece.text} />;
          case 'term':
            if (!isTerm(piece.id)) throw new Error(`internal: the glossary must have the term ${piece.id}`);
            return (
              <Term key={key} id={piece.id}>
                {piece.text}
              </Term>
            );
          case 'link': {
            const link = links[piece.id];
            if (link === undefined) throw new Error(`internal: links must have ${piece.id}`);
            return (
              <Operate key={key} {...(typeof link === 'function' ? { act: link } : link)}>
                {piece.text}
              </Operate>
            );
          }
          case 'strong':
            return <strong key={key}>{piece.text}</strong>;
          default:
            return <Fragment key={key}>{piece.text}</Fragment>;
        }
      })}
    </>
  );
}
