/** One token: how likely each tag is to the one reader and to the other. */
import { Bars } from '../../charts/bars.js';
import { FigureCard } from '../../frame/figure-card.js';
import type { TaggingModel } from './model.js';
import type { Reader } from './table.js';

/** Tags shown; the others stand in the table. */
const MOST = 5;

export function TokenFigure({ model }: { readonly model: TaggingModel }) {
  const { t, format } = model.context.i18n;
  const { said, at, secret } = model;
  const rows = {
    one: said?.one.tagProbabilities?.[at] ?? [],
    both: said?.both.tagProbabilities?.[at] ?? [],
  };
  if (said === undefined || rows.both.length === 0) return null;
  const token = said.both.tokens?.[at] ?? '';
  const tags = rows.both.map(([tag]) => tag);
  const likely = (reader: Reader, tag: string): number =>
    rows[reader].find(([name]) => name === tag)?.[1] ?? Number.NaN;
  if (secret) {
    return (
      <section class="card" id="token" aria-labelledby="token-title">
        <h2 id="token-title">{t('predict.title')}</h2>
        <p>{t('predict.question', { n: at + 1, token })}</p>
        <fieldset class="tokens">
          <legend class="hidden">{t('predict.tags')}</legend>
          {tags.map((tag) => (
            <button key={tag} type="button" onClick={() => model.commitGuess(tag)}>
              <bdi>{tag}</bdi>
            </button>
          ))}
        </fieldset>
      </section>
    );
  }
  const shown = tags
    .toSorted(
      (a, b) => Math.max(likely('one', b), likely('both', b)) - Math.max(likely('one', a), likely('both', a)),
    )
    .slice(0, MOST);
  const best = (reader: Reader): string =>
    tags.toSorted((a, b) => likely(reader, b) - likely(reader, a))[0] ?? '';
  const [forward, whole] = [best('one'), best('both')];
  const summary = t('token.summary', {
    token,
    one: forward,
    p: likely('one', forward),
    both: whole,
    q: likely('both', whole),
  });
  return (
    <FigureCard
      id="token"
      title={t('token.title', { n: at + 1, token })}
      name="tag-probabilities"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('token.tag'), t('reader.one'), t('reader.both')],
        rows: tags.map((tag) => [tag, likely('one', tag), likely('both', tag)]),
      })}
    >
      <div class="curves">
        {(['one', 'both'] as const).map((reader) => (
          <div key={reader}>
            <h3>{t(`reader.${reader}`)}</h3>
            <Bars
              label={`${t(`reader.${reader}`)}: ${summary}`}
              domain={[0, 1]}
              height={160}
              bars={shown.map((tag) => ({
                label: tag,
                value: likely(reader, tag),
                color: reader === 'one' ? 'series-2' : 'output',
              }))}
              format={(value) => format.value.decimal(value, 2)}
            />
          </div>
        ))}
      </div>
      <p class="remark">{summary}</p>
      {model.context.mode.value === 'predict' && model.guess.value !== null && (
        <p role="status">{t(model.guess.value.right ? 'predict.right' : 'predict.wrong')}</p>
      )}
    </FigureCard>
  );
}
