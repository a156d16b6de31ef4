/** The run at one moment of its training, over one sentence: gates, expectations, connectivity, similar states. */
import type { ComponentChildren } from 'preact';
import { Bars } from '../../../charts/bars.js';
import { mix } from '../../../charts/color.js';
import { HeatMap } from '../../../charts/heat-map.js';
import { PaintedText } from '../../../charts/painted-text.js';
import { useTokens } from '../../../charts/tokens.js';
import { Field } from '../../../frame/field.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { ScaleLegend } from '../../../frame/legend.js';
import { noticeText } from '../../../frame/notices.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';
import { gateRows, visible } from '../gate-rows.js';
import type { Look } from '../looks.js';

/** Units of the gate heat map: as many as can be told apart on a laptop's screen. */
const UNITS = 20;

export function LookInside() {
  const { i18n, lab, looks, settings } = useApp();
  const { t, format } = i18n;
  const look = looks.look.value;
  const problem = looks.problem.value;
  return (
    <details
      class="card look-inside"
      open={settings.get('lookOpen')}
      onToggle={(event) => {
        const { open } = event.currentTarget;
        if (open !== settings.peek('lookOpen')) settings.set('lookOpen', open);
      }}
    >
      <summary>
        <h2>{t('look.title')}</h2>
      </summary>
      {settings.get('lookOpen') && (
        <>
          <div class="fields">
            <Field name="lookText" />
            <Field name="lookQuantity" />
            <Field name="lookLayer" />
          </div>
          {problem !== null && (
            <p class="problem">
              {noticeText(problem, i18n)}{' '}
              <bdi lang="en" dir="ltr">
                {problem.technical}
              </bdi>
            </p>
          )}
          {lab.run.value?.config.cell === 'transformer' ? (
            <p>{t('look.transformer')}</p>
          ) : look === null ? (
            <p>{t('look.none')}</p>
          ) : (
            <>
              <p data-testid="look-step">{t('look.lead', { step: format.value.integer(look.step) })}</p>
              <Rests look={look} />
              <Next look={look} />
              <Gates look={look} />
              <Similar />
            </>
          )}
        </>
      )}
    </details>
  );
}

const quoted = (text: string): string => [...text].map(visible).join('');

function Rests({ look }: { readonly look: Look }) {
  const { i18n, looks, settings } = useApp();
  const { t } = i18n;
  const tokens = useTokens();
  const { norms, at, label, tokens: characters } = look.connectivity;
  const scale = { kind: 'unit', limit: Math.max(...norms, Number.MIN_VALUE), hue: 'magnitude' } as const;
  const before = norms.slice(0, at + 1);
  const most = before.indexOf(Math.max(...before));
  const facts = { label: visible(label), at: at + 1, most: visible(characters[most] ?? ''), back: at - most };
  return (
    <FigureCard
      title={t('rests.title')}
      name={`connectivity-step-${look.step}`}
      honest="computed"
      summary={t('rests.summary', facts)}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('rests.position'), t('next.character'), t('rests.norm')],
        rows: norms.map((norm, index) => [String(index + 1), visible(characters[index] ?? ''), norm]),
      })}
    >
      <PaintedText
        text={characters.join('')}
        label={t('rests.label')}
        valueText={visible(characters[at] ?? '')}
        selected={{ from: at, to: at + 1 }}
        paints={norms.map((norm, index) => ({
          from: index,
          to: index + 1,
          color: mix(tokens.card, tokens.magnitude, 0.75 * (norm / scale.limit)),
        }))}
        onSelect={(from) => settings.set('lookAt', from)}
        onHover={(index) => {
          looks.hovered.value = index;
        }}
      />
      <p>{t('rests.summary', facts)}</p>
      <Strip values={[norms]} characters={characters} scale={scale} label={t('rests.title')} at={at} />
      <p class="small">{t('rests.note')}</p>
    </FigureCard>
  );
}

interface StripProps {
  readonly values: readonly (readonly number[])[];
  readonly characters: readonly string[];
  readonly scale: Parameters<typeof HeatMap>[0]['scale'];
  readonly label: string;
  readonly at: number;
  readonly rowLabels?: readonly string[];
}

/** A heat map over the sentence, letter by letter: wider than the screen it scrolls. */
function Strip({ values, characters, scale, label, at, rowLabels }: StripProps) {
  const { i18n, settings } = useApp();
  return (
    <ScrollBox class="strip" label={i18n.t('look.strip', { title: label })}>
      <HeatMap
        values={values}
        scale={scale}
        label={label}
        columnLabels={characters.map((character) => (character === '\u200c' ? '·' : visible(character)))}
        {...(rowLabels === undefined ? {} : { rowLabels })}
        format={(value) => i18n.format.value.decimal(value, 2)}
        smallestCell={17}
        largestCell={30}
        selected={{ row: 0, column: at }}
        onSelect={({ column }) => settings.set('lookAt', column)}
      />
    </ScrollBox>
  );
}

function Next({ look }: { readonly look: Look }) {
  const { i18n } = useApp();
  const { t, format } = i18n;
  const { steps, perplexity } = look.next.forced;
  const at = Math.min(look.connectivity.at, steps.length - 1);
  const step = steps[at];
  if (step === undefined) return null;
  const bars = step.top.map(([token, value]) => ({
    label: visible(token),
    value,
    color: token === step.expected ? ('positive' as const) : ('output' as const),
  }));
  const { decimal } = format.value;
  const facts = {
    read: quoted(look.next.tokens.slice(Math.max(0, at - 11), at + 1).join('')),
    likeliest: bars[0]?.label ?? '',
    probability: decimal(bars[0]?.value, 3),
    expected: visible(step.expected),
    given: decimal(step.probability, 3),
    perplexity: decimal(perplexity, 2),
  };
  return (
    <FigureCard
      title={t('next.title')}
      name={`next-step-${look.step}`}
      honest="computed"
      summary={t('next.summary', facts)}
      table={() => ({
        columns: [t('next.character'), t('next.probability')],
        rows: step.top.map(([token, probability]) => [visible(token), probability]),
      })}
    >
      <Bars
        bars={bars}
        label={t('next.title')}
        domain={[0, 1]}
        height={170}
        format={(value) => decimal(value, 2)}
      />
      <p data-testid="next-summary">{t('next.summary', facts)}</p>
    </FigureCard>
  );
}

function Gates({ look }: { readonly look: Look }) {
  const { i18n, settings } = useApp();
  const { t } = i18n;
  const { quantity, units, values, scale } = gateRows(look.gates, settings.get('lookQuantity'), UNITS);
  const title = t('gates.title', { quantity: t(`setting.lookQuantity.${quantity}`) });
  return (
    <FigureCard
      title={title}
      name={`gates-${quantity}-step-${look.step}`}
      honest="computed"
      summary={t('gates.summary', { count: units.length, length: look.gates.tokens.length, step: look.step })}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('gates.unit'), ...look.gates.tokens.map((token, at) => `${at + 1} ${visible(token)}`)],
        rows: units.map((unit, row) => [String(unit), ...(values[row] ?? [])]),
      })}
    >
      <Strip
        values={values}
        characters={look.gates.tokens}
        scale={scale}
        label={title}
        at={look.connectivity.at}
        rowLabels={units.map(String)}
      />
    </FigureCard>
  );
}

function Similar() {
  const { i18n, looks, settings } = useApp();
  const { t } = i18n;
  const tokens = useTokens();
  const found = looks.found.value;
  if (found === null) return null;
  const range = looks.range.value;
  const textOf = (from: number, to: number): string => quoted(found.tokens.slice(from, to).join(''));
  const [first] = found.matches;
  const most = Math.max(1, found.units.length);
  const shared = found.matches.map((match) => ({
    label: textOf(match.from, match.to),
    value: match.shared.length,
    color: 'attention' as const,
  }));
  const choose = (from: number, to: number, dragging: boolean): void => {
    settings.preview('searchFrom', from);
    settings.preview('searchTo', to);
    if (!dragging) settings.commit();
  };
  let said: ComponentChildren = t('search.nothing');
  if (first !== undefined) {
    said = t('search.summary', {
      matches: found.matches.length,
      selected: textOf(range.from, range.to),
      first: textOf(first.from, first.to),
      shared: first.shared.length,
    });
  }
  return (
    <FigureCard
      title={t('search.title')}
      name="similar-states"
      honest="computed"
      summary={String(said)}
      table={() => ({
        columns: [t('rests.position'), t('search.place'), t('search.shared'), t('search.extra')],
        rows: found.matches.map((match) => [
          String(match.from + 1),
          textOf(match.from, match.to),
          match.shared.length,
          match.extra,
        ]),
      })}
    >
      <p class="small">{t('search.note', { count: found.units.length })}</p>
      <PaintedText
        text={found.tokens.join('')}
        label={t('search.label')}
        valueText={textOf(range.from, range.to)}
        selected={range}
        ranges
        paints={found.matches.map((match) => ({
          from: match.from,
          to: match.to,
          color: mix(tokens.card, tokens.attention, 0.15 + 0.45 * (match.shared.length / most)),
        }))}
        onSelect={choose}
      />
      <p data-testid="search-summary">{said}</p>
      {shared.length > 0 && <Bars bars={shared} label={t('search.shared')} domain={[0, most]} height={150} />}
      <div class="fields">
        <Field name="searchThreshold" />
      </div>
    </FigureCard>
  );
}
