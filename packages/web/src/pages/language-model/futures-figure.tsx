/** The tree of alternatives: what was forced, how each line went on, and what it costs up to each token. */
import { Branches } from '../../charts/branches.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import { visible } from './corpus.js';
import { treeOf } from './futures.js';
import type { LanguageModel } from './model.js';

export function FuturesFigure({ model }: { readonly model: LanguageModel }) {
  const { t, format } = model.context.i18n;
  const futures = model.weighed.value;
  if (futures.length < 2 || model.secret.value) return null;
  const { nodes, first, ways } = treeOf(futures);
  const current = Math.max(
    0,
    futures.findIndex(({ text }) => text === model.line.value),
  );
  const lit = ways[current]!;
  const selected = lit[Math.min(lit.length - 1, Math.max(0, model.caret.value - 1 - first))] ?? 0;
  const totals = ways.map((way) => nodes[way.at(-1)!]?.sum ?? Number.NaN);
  const cheapest = totals.indexOf(Math.min(...totals));
  const summary = t('futures.summary', {
    count: futures.length,
    text: futures[cheapest]?.text ?? '',
    sum: totals[cheapest] ?? Number.NaN,
  });
  const drawn = nodes.map(({ parent, at, future, token, cost, sum, forced }) => {
    const value = format.value.decimal(sum, 1);
    const facts = { step: at + 1, token: visible(token), probability: Math.exp(-cost), cost, sum: value };
    return {
      parent,
      column: at - first,
      row: future,
      label: visible(token),
      value,
      kind: forced ? ('forced' as const) : token === '\n' ? ('end' as const) : ('on' as const),
      description: t('futures.node', facts),
    };
  });
  return (
    <FigureCard
      id="section-futures"
      title={t('futures.title')}
      name="futures"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('futures.written'), color: 'output' },
            { name: t('futures.forced'), color: 'marker' },
          ]}
        />
      }
      table={() => ({
        columns: [t('futures.line'), t('line.step'), t('line.token'), 'P', '−ln P', '−Σ ln P'],
        rows: nodes.map(({ future, at, token, cost, sum }) => [
          future + 1,
          at + 1,
          visible(token),
          Math.exp(-cost),
          cost,
          sum,
        ]),
      })}
    >
      <p class="small">{t('futures.lead')}</p>
      <ScrollBox class="scroll-x" label={t('futures.drawing')}>
        <Branches
          nodes={drawn}
          lit={lit}
          selected={selected}
          label={summary}
          onSelect={(index) => {
            // On what lines share, the current one stays.
            const { future, at } = nodes[index]!;
            model.goTo(futures[lit.includes(index) ? current : future]!.text, at + 1);
          }}
        />
      </ScrollBox>
      <p role="status">{drawn[selected]?.description}</p>
      <p>{summary}</p>
      <p>
        <button type="button" onClick={() => model.forgetFutures()}>
          {t('futures.forget')}
        </button>
      </p>
    </FigureCard>
  );
}
