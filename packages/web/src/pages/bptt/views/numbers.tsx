/** The numbers: the parameter, its gradient derived and by differences, their error, and what travels along a path. */
import type { Unrolled } from '@hw5/core/homework';
import { useComputed } from '@preact/signals';
import { useApp } from '../app.js';
import { readChanges, withChange, writeChanges } from '../changes.js';
import { largest, type Numbers, type Rows, rowsOf, scientific, transposed } from '../numbers.js';
import { readNode } from '../spell.js';
import { MatrixGrid } from './matrix-grid.js';

export function GradientNumbers() {
  const { bench, context, hidden } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const unrolled = bench.unrolled.value;
  const probe = bench.probe.value;
  if (unrolled === null) return null;
  const { derivation } = unrolled;
  const wrt = latexOf(unrolled, derivation.wrt);
  const turned = (rows: Rows): Rows => (derivation.layout === 'numerator' ? transposed(rows) : rows);
  const gradient = rowsOf(derivation.gradient);
  const scale = largest(gradient);
  const precision = settings.get('precision');
  const found = probe?.[precision];
  const fits = found !== undefined && sameSize(turned(rowsOf(found.gradient)), gradient);
  return (
    <div class="matrices">
      <GivenMatrix name={derivation.wrt} />
      <MatrixGrid
        latex={`\\dfrac{\\partial J}{\\partial ${wrt}}`}
        name={t('numbers.gradient', { wrt: derivation.wrt })}
        rows={gradient}
        hidden={hidden.value}
        note={t('numbers.derived')}
      />
      {fits && found !== undefined && probe !== null && (
        <>
          <MatrixGrid
            latex={`\\dfrac{J(+\\varepsilon) - J(-\\varepsilon)}{2\\varepsilon}`}
            name={t('numbers.differences', { wrt: derivation.wrt })}
            rows={turned(rowsOf(found.gradient))}
            scale={scale}
            hidden={hidden.value}
            note={t('numbers.differencesNote', { precision, epsilon: scientific(probe.epsilon) })}
          />
          <MatrixGrid
            latex={`\\dfrac{|a - n|}{\\max(|a|, |n|)}`}
            name={t('numbers.errors', { wrt: derivation.wrt })}
            rows={turned(rowsOf(found.errors))}
            tone="error"
            write={scientific}
            hidden={hidden.value}
            note={t('numbers.worst', { error: scientific(found.worst) })}
          />
        </>
      )}
    </div>
  );
}

/** The path's matrix as the product that it is: what arrives at step k times what enters there. */
export function PathNumbers() {
  const { bench, context, restedPath: path, hidden } = useApp();
  const { t } = context.i18n;
  const unrolled = bench.unrolled.value;
  const chosen = path.value;
  if (unrolled === null || chosen === null) return null;
  const { derivation, paths } = unrolled;
  const found = derivation.paths.find(({ t: at, k }) => at === chosen.t && k === chosen.k);
  if (found === undefined) return null;
  const stations = paths.find(({ t: at, k }) => at === chosen.t && k === chosen.k)?.stations ?? [];
  const window = context.settings.get('window');
  const truncated = window > 0 ? unrolled.truncations[window - 1] : undefined;
  const scale = largest(rowsOf(derivation.gradient));
  const facts = { t: chosen.t, k: chosen.k };
  return (
    <div class="path-numbers">
      <p class="small">{t('path.reading', facts)}</p>
      <div class="matrices stations">
        {stations
          .filter(({ id }) => !id.startsWith('J'))
          .map((station, i) => (
            <div class="station" key={station.id}>
              {i > 0 && (
                <span class="between" aria-hidden="true">
                  {'\u2192'}
                </span>
              )}
              <StationGrid unrolled={unrolled} id={station.id} gradient={station.gradient} loss={chosen.t} />
            </div>
          ))}
        {found.contribution !== null && (
          <div class="station result">
            <span class="between" aria-hidden="true">
              {'\u21d2'}
            </span>
            <MatrixGrid
              latex={`\\text{(t, k) = (${chosen.t}, ${chosen.k})}`}
              name={t('path.contribution', facts)}
              rows={rowsOf(found.contribution)}
              scale={scale}
              hidden={hidden.value}
              lit
              note={t('path.norm', { norm: hidden.value ? '?' : scientific(found.norm) })}
            />
          </div>
        )}
        {truncated !== undefined && (
          <MatrixGrid
            latex={`\\sum_{t-k < ${window}}`}
            name={t('window.sum', { window })}
            rows={rowsOf(truncated.gradient)}
            scale={scale}
            hidden={hidden.value}
            note={t('window.note', { bias: hidden.value ? '?' : scientific(truncated.bias) })}
          />
        )}
      </div>
    </div>
  );
}

interface StationProps {
  readonly unrolled: Unrolled;
  readonly id: string;
  readonly gradient: Numbers;
  readonly loss: number;
}

function StationGrid({ unrolled, id, gradient, loss }: StationProps) {
  const { context, hidden } = useApp();
  const node = unrolled.nodes.find((candidate) => candidate.id === id);
  return (
    <MatrixGrid
      latex={`\\dfrac{\\partial J_{${loss}}}{\\partial ${node?.latex ?? id}}`}
      name={context.i18n.t('path.station', { loss, id })}
      rows={rowsOf(gradient)}
      hidden={hidden.value}
    />
  );
}

/** Everything that is given, each entry editable. */
export function GivenNumbers() {
  const { bench, context } = useApp();
  const { t } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  const { values, wrt, steps } = unrolled.derivation;
  const shown = Object.entries(values).filter(([name]) => name !== wrt);
  const isLong = steps > 8;
  return (
    <>
      <div class="matrices given">
        {shown.flatMap(([name]) => {
          const kind = unrolled.derivation.shapes.find((shape) => shape.name === name)?.role;
          if (kind !== 'input' && kind !== 'target') {
            return [<GivenMatrix key={name} name={name} />];
          }
          return Array.from({ length: Math.min(steps, 8) }, (_, i) => (
            <GivenMatrix key={`${name}[${i + 1}]`} name={name} step={i + 1} />
          ));
        })}
      </div>
      {isLong && <p class="small">{t('numbers.firstSteps')}</p>}
    </>
  );
}

interface GivenProps {
  readonly name: string;
  readonly step?: number;
}

function GivenMatrix({ name, step }: GivenProps) {
  const { bench, context, lit } = useApp();
  const { settings } = context;
  const unrolled = bench.unrolled.value;
  const label = step === undefined ? name : `${name}[${step}]`;
  // Drawn again when this changes, and not whenever something else lights up.
  const isLit = useComputed(() => lit.value.parameters.has(name) || lit.value.nodes.has(label));
  const value = givenValue(unrolled, name, step);
  if (unrolled === null || value === undefined) return null;
  // A state before the first step has its step in its name.
  const node = readNode(name);
  const place = node ?? (step === undefined ? { name } : { name, step });
  const change = (row: number, column: number, to: number, done: boolean): void => {
    const before = readChanges(settings.get('changes'));
    const after = withChange(before, { ...place, row: row + 1, column: column + 1, value: to });
    settings.preview('changes', writeChanges(after));
    if (done) settings.commit();
  };
  return (
    <MatrixGrid
      latex={latexOf(unrolled, label)}
      name={label}
      rows={rowsOf(value)}
      scale={1}
      lit={isLit.value}
      {...(context.isLocked('changes') ? {} : { onChange: change })}
    />
  );
}

function givenValue(unrolled: Unrolled | null, name: string, step: number | undefined): Numbers | undefined {
  const value = unrolled?.derivation.values[name];
  if (value === undefined || step === undefined) return value as Numbers | undefined;
  return (value as readonly Numbers[])[step - 1];
}

/** How the engine writes a name; parameters stand in its lines, values of a step in its graph. */
export function latexOf(unrolled: Unrolled, name: string): string {
  const node = unrolled.nodes.find(({ id }) => id === name);
  if (node !== undefined) return node.latex;
  const [head, ...rest] = name.split('_');
  return rest.length === 0 ? name : `${head}_{${rest.join(',')}}`;
}

function sameSize(a: Rows, b: Rows): boolean {
  return a.length === b.length && a[0]?.length === b[0]?.length;
}

/** What is pinned or pointed at: its value, its gradient, and the Jacobians to what reads it. */
export function NodeNumbers() {
  const { bench, context, hover, pinned, hidden } = useApp();
  const { t } = context.i18n;
  const focus = pinned.value?.kind === 'node' ? pinned.value : hover.value;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || focus?.kind !== 'node') return <p class="small">{t('node.none')}</p>;
  const node = unrolled.nodes.find(({ id }) => id === focus.id);
  if (node === undefined) return <p class="small">{t('node.none')}</p>;
  const readers = unrolled.edges.filter(({ from, jacobian }) => from === node.id && jacobian !== null);
  return (
    <div class="matrices">
      <MatrixGrid latex={node.latex} name={node.id} rows={rowsOf(node.value)} scale={1} />
      {node.gradient !== null && node.role !== 'loss' && (
        <MatrixGrid
          latex={`\\dfrac{\\partial J}{\\partial ${node.latex}}`}
          name={t('numbers.gradient', { wrt: node.id })}
          rows={rowsOf(node.gradient)}
          hidden={hidden.value}
        />
      )}
      {readers.map(({ to, jacobian }) => (
        <MatrixGrid
          key={to}
          latex={`\\dfrac{\\partial ${unrolled.nodes.find(({ id }) => id === to)?.latex ?? to}}{\\partial ${node.latex}}`}
          name={t('node.jacobian', { to, from: node.id })}
          rows={rowsOf(jacobian!)}
          hidden={hidden.value}
        />
      ))}
    </div>
  );
}
