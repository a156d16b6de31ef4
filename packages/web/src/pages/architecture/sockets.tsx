/** Task cards and the sockets they go into: drag one, or press a card and then a socket. */
import type { Bilingual } from '@hw5/core/homework';
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Said } from '../../frame/said.js';
import type { ArchitectureModel } from './model.js';
import { type Socket, sockets, type TaskId, tasks } from './table.js';

/** Movement that makes a press a drag, px. */
const DRAG = 6;

/** Shapes as they are drawn in textbooks: inputs below, states, outputs above. */
const sketches: Readonly<
  Record<
    Socket,
    { readonly x: readonly number[]; readonly h: readonly number[]; readonly y: readonly number[] }
  >
> = {
  'many-to-one': { x: [0, 1, 2, 3], h: [0, 1, 2, 3], y: [3] },
  'one-to-many': { x: [0], h: [0, 1, 2, 3], y: [0, 1, 2, 3] },
  aligned: { x: [0, 1, 2, 3], h: [0, 1, 2, 3], y: [0, 1, 2, 3] },
  'encoder-decoder': { x: [0, 1], h: [0, 1, 2, 3], y: [2, 3] },
};

function Sketch({ socket }: { readonly socket: Socket }) {
  const { x, h, y } = sketches[socket];
  const at = (step: number): number => 12 + 24 * step;
  return (
    <svg class="sketch" viewBox="0 0 96 62" aria-hidden="true">
      {x.map((step) => (
        <path key={`x${step}`} d={`M${at(step)} 48V37`} />
      ))}
      {y.map((step) => (
        <path key={`y${step}`} d={`M${at(step)} 25V14`} />
      ))}
      <path d={`M${at(h[0] ?? 0)} 31H${at(h.at(-1) ?? 0)}`} />
      {x.map((step) => (
        <circle key={`cx${step}`} class="input" cx={at(step)} cy="53" r="6" />
      ))}
      {h.map((step) => (
        <rect key={`h${step}`} class="state" x={at(step) - 6} y="25" width="12" height="12" rx="3" />
      ))}
      {y.map((step) => (
        <circle key={`cy${step}`} class="output" cx={at(step)} cy="9" r="6" />
      ))}
    </svg>
  );
}

export function Sockets({ model }: { readonly model: ArchitectureModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const dragged = useSignal<TaskId | null>(null);
  const over = useSignal<Socket | null>(null);
  const start = useRef<readonly [number, number]>([0, 0]);
  const task = settings.get('task');
  const shape = settings.get('shape');
  const socketAt = (x: number, y: number): Socket | null => {
    const found = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-socket]')?.dataset.socket;
    return sockets.find((socket) => socket === found) ?? null;
  };
  return (
    <section class="card" id="section-sockets" aria-labelledby="sockets-title">
      <h2 id="sockets-title">{t('sockets.title')}</h2>
      <p class="small">{t('sockets.how')}</p>
      <fieldset class="task-cards" disabled={isLocked('task')}>
        <legend class="hidden">{t('sockets.tasks')}</legend>
        {tasks.map((id) => (
          <button
            key={id}
            type="button"
            class={dragged.value === id ? 'task dragged' : 'task'}
            aria-pressed={task === id}
            onPointerDown={(event) => {
              start.current = [event.clientX, event.clientY];
              if (event.pointerType === 'mouse') event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={(event) => {
              if (event.buttons === 0 || event.pointerType !== 'mouse') return;
              const [x, y] = start.current;
              if (dragged.value === null && Math.hypot(event.clientX - x, event.clientY - y) < DRAG) return;
              dragged.value = id;
              over.value = socketAt(event.clientX, event.clientY);
            }}
            onPointerUp={() => {
              if (dragged.value !== null && over.value !== null && !isLocked('shape'))
                model.put(id, over.value);
              dragged.value = null;
              over.value = null;
            }}
            onPointerCancel={() => {
              dragged.value = null;
              over.value = null;
            }}
            onClick={() => settings.set('task', id)}
          >
            {t(`setting.task.${id}`)}
          </button>
        ))}
      </fieldset>
      <div class="sockets">
        {sockets.map((id) => (
          <button
            key={id}
            type="button"
            data-socket={id}
            class={over.value === id ? 'socket over' : 'socket'}
            aria-pressed={shape === id}
            disabled={isLocked('shape')}
            onClick={() => model.put(task, id)}
          >
            <Sketch socket={id} />
            <strong>{t(`setting.shape.${id}`)}</strong>
            <span class="held">{shape === id ? t(`setting.task.${task}`) : t('sockets.empty')}</span>
          </button>
        ))}
      </div>
      <Judgement model={model} />
    </section>
  );
}

function Judgement({ model }: { readonly model: ArchitectureModel }) {
  const { i18n } = model.context;
  const { t, language } = i18n;
  const words = language.value;
  const look = model.look.value;
  if (look === null) return null;
  if (model.secret.value) {
    return (
      <>
        <p>{t('predict.ask')}</p>
        <button type="button" class="primary" onClick={() => model.commit()}>
          {t('predict.commit')}
        </button>
      </>
    );
  }
  const { obstacle, handicap } = look;
  const best = model.route.value?.chosen;
  return (
    <div class={obstacle === null ? 'verdict right' : 'verdict wrong'} role="status">
      <p>
        <strong>
          {t(obstacle !== null ? 'judge.cannot' : handicap === null ? 'judge.best' : 'judge.can')}
        </strong>{' '}
        <Reasons texts={[obstacle ?? handicap].filter((text) => text !== null)} />
      </p>
      {best != null && (
        <p class="small">
          {t('judge.route', { name: best.name[words] })} <Reasons texts={best.reasons} />
        </p>
      )}
    </div>
  );
}

/** Core's sentences, with names such as y_3 and x_{t+1} as formulas. */
function Reasons({ texts }: { readonly texts: readonly Bilingual[] }) {
  const formulas = (text: string): string => text.replace(/[xy]_(?:\{[^}]*\}|[a-z0-9]+)/gi, '$$$&$$');
  return (
    <>
      {texts.map(({ fa, en }) => (
        <span key={en}>
          <Said text={{ fa: formulas(fa), en: formulas(en) }} />{' '}
        </span>
      ))}
    </>
  );
}
