/** The search for the answer as a tree: what was followed, what ended, what was dropped; one way is that of the matrix. */
import type { AnswerNode } from '@hw5/core';
import { Branches, type BranchNode } from '../../charts/branches.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import { pathTo, ranks } from './beams.js';
import type { Seq2SeqModel } from './model.js';
import { isMark, visible } from './tokens.js';

const kinds = { forced: 'forced', kept: 'on', ended: 'end', dropped: 'off' } as const;

export function TreeFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { t, format } = model.context.i18n;
  const tree = model.answers?.tree;
  const { answer, node: selected } = model;
  if (tree === undefined || answer === undefined || selected === undefined || model.secret) return null;
  const rows = ranks(tree);
  const lit = pathTo(tree, model.isAside ? selected : (answer.node ?? selected));
  const nodes = tree.map((node, index): BranchNode => {
    const { parent, depth, token, probability, logProbability, fate } = node;
    const sum = format.value.decimal(logProbability, 2);
    return {
      parent,
      column: depth,
      row: rows[index]!,
      label: visible(token),
      value: sum,
      kind: kinds[fate],
      description: t('tree.node', {
        n: depth + 1,
        token: visible(token),
        probability,
        sum,
        fate: t(`tree.${fate}`),
      }),
    };
  });
  const dropped = tree.filter(({ fate }) => fate === 'dropped').length;
  const summary = t('tree.summary', {
    kept: tree.length - dropped,
    dropped,
    best: model.answers?.answers[0]?.output ?? '',
  });
  return (
    <FigureCard
      id="tree"
      title={t('tree.title')}
      name="beam-tree"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('tree.kept'), color: 'output' },
            { name: t('tree.dropped'), color: 'muted', dash: 'dashed' },
            { name: t('tree.forced'), color: 'marker' },
          ]}
        />
      }
      table={() => ({
        columns: ['#', t('tree.parent'), t('tree.begins'), t('step.token'), 'P', 'ln P', t('tree.fate')],
        rows: tree.map(({ parent, token, probability, logProbability, fate }, index) => [
          index + 1,
          parent < 0 ? '–' : parent + 1,
          textOf(tree, parent),
          visible(token),
          probability,
          logProbability,
          t(`tree.${fate}`),
        ]),
      })}
    >
      <p class="remark">{t('tree.lead')}</p>
      <ScrollBox class="scroll-x" label={t('tree.drawing')}>
        <Branches
          nodes={nodes}
          lit={lit}
          selected={selected}
          label={summary}
          onSelect={(index) => model.selectNode(index)}
        />
      </ScrollBox>
      <p role="status">{nodes[selected]?.description}</p>
      {model.isAside && !isMark(tree[selected]!.token) && (
        <p>
          {t('tree.aside')}{' '}
          <button type="button" onClick={() => model.forcePath(pathTo(tree, selected))}>
            {t('tree.follow')}
          </button>
        </p>
      )}
    </FigureCard>
  );
}

const textOf = (tree: readonly AnswerNode[], node: number): string =>
  pathTo(tree, node)
    .map((index) => visible(tree[index]!.token))
    .join('');
