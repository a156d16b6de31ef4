/** What the page's workers have computed for the settings as they are now. */
import type { Session } from '@hw5/core';
import type {
  AllChecks,
  DerivationRequest,
  Hunt,
  Influence,
  Probe,
  Slices,
  Unrolled,
} from '@hw5/core/homework';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sessions } from '../../frame/page.js';
import type { Settings } from '../../state/settings.js';
import { equationsOf, keeping } from './recurrences.js';
import { requestOf } from './request.js';
import { slicedOf, sliceStepOf } from './slice-cuts.js';
import type { table, View } from './table.js';

/** A recurrence or a number that the engine refuses, at its place. */
export interface Refusal {
  readonly message: string;
  /** The line of the text, and marks below it. */
  readonly excerpt: string;
  readonly caret: string;
  /** Which text: `cell`, `loss`, `wrt`, ...; empty where the message names none. */
  readonly field: string;
}

export const memoryCells = ['homework', 'gru', 'lstm'] as const;
export type MemoryCell = (typeof memoryCells)[number];

export interface Bench {
  readonly request: ReadonlySignal<DerivationRequest>;
  /** The last that was computed without error; stays while the next is on its way. */
  readonly unrolled: ReadonlySignal<Unrolled | null>;
  readonly refusal: ReadonlySignal<Refusal | null>;
  readonly probe: ReadonlySignal<Probe | null>;
  readonly checks: ReadonlySignal<AllChecks | null>;
  readonly slices: ReadonlySignal<Slices | null>;
  readonly hunt: ReadonlySignal<Hunt | null>;
  readonly influences: ReadonlySignal<Readonly<Record<MemoryCell, Influence>> | null>;
  /** Three methods for all parameters. */
  checkAll(): Promise<AllChecks | undefined>;
  /** Is this line the false one? */
  accuse(line: number): Promise<Hunt>;
  dispose(): void;
}

export function createBench(
  settings: Settings<typeof table>,
  sessions: Sessions,
  onError: (error: unknown) => void,
): Bench {
  const unrolled = signal<Unrolled | null>(null);
  const refusal = signal<Refusal | null>(null);
  const probe = signal<Probe | null>(null);
  const checks = signal<AllChecks | null>(null);
  const slices = signal<Slices | null>(null);
  const hunt = signal<Hunt | null>(null);
  const influences = signal<Readonly<Record<MemoryCell, Influence>> | null>(null);
  // As text, so that settings which do not change the question do not ask it again.
  const asked = computed(() => JSON.stringify(requestOf(settings.all())));
  const request = computed(() => JSON.parse(asked.value) as DerivationRequest);

  const into = <A, T>(
    target: Signal<T | null>,
    work: (session: Session, argument: A) => Promise<T>,
  ): ((argument: A) => void) => {
    const ask = sessions.newest(work);
    return (argument) => {
      ask(argument).then((result) => {
        if (result !== undefined) target.value = result;
      }, onError);
    };
  };

  const askUnrolled = sessions.newest((session, wanted: DerivationRequest) => session.unroll(wanted));
  const askProbe = into(
    probe,
    (session, { wanted, epsilon }: { wanted: DerivationRequest; epsilon: number }) =>
      session.probe(wanted, { epsilon }),
  );
  const askSlices = into(
    slices,
    (session, { wanted, of, step }: { wanted: DerivationRequest; of: string; step: number }) =>
      session.slices(wanted, { of, step }),
  );
  const askHunt = into(hunt, (session, { seed, level }: { seed: number; level: number }) =>
    session.hunt({ seed, level, evidence: true }),
  );
  const askInfluence = into(influences, async (session, memory: Memory) => {
    const all = await Promise.all(
      memoryCells.map((cell) => session.influence(...influenceRequest(cell, memory))),
    );
    return Object.fromEntries(memoryCells.map((cell, i) => [cell, all[i]!])) as Record<MemoryCell, Influence>;
  });
  const inView = (...views: readonly View[]): boolean => views.includes(settings.get('view'));

  const stops = [
    effect(() => {
      const wanted = request.value;
      checks.value = null;
      askUnrolled(wanted).then(
        (result) => {
          if (result === undefined) return;
          unrolled.value = result;
          refusal.value = null;
        },
        (error: unknown) => {
          refusal.value = refusalOf(error);
          if (refusal.value === null) onError(error);
        },
      );
    }),
    effect(() => {
      // Asked only about what the engine has accepted.
      if (unrolled.value === null || refusal.value !== null || !inView('paths', 'check')) return;
      askProbe({ wanted: request.peek(), epsilon: 10 ** settings.get('epsilon') });
    }),
    effect(() => {
      if (unrolled.value === null || refusal.value !== null || !inView('slices')) return;
      const of = slicedOf(unrolled.value, settings.get('sliceOf'));
      const step = sliceStepOf(unrolled.value, settings.get('sliceStep'));
      askSlices({ wanted: request.peek(), of, step });
    }),
    effect(() => {
      if (inView('hunt')) askHunt({ seed: settings.get('hunt'), level: settings.get('level') });
    }),
    effect(() => {
      if (!inView('memory')) return;
      askInfluence({
        radius: settings.get('radius'),
        units: settings.get('units'),
        gate: settings.get('gate'),
        steps: settings.get('horizon'),
        seed: settings.get('seed'),
      });
    }),
  ];

  return {
    request,
    unrolled,
    refusal,
    probe,
    checks,
    slices,
    hunt,
    influences,
    async checkAll() {
      const wanted = asked.peek();
      const found = await sessions.ask((session) => session.checkAll(request.peek()));
      // The question may have changed on the way.
      if (asked.peek() !== wanted) return undefined;
      checks.value = found;
      return found;
    },
    accuse: (answer) => {
      const { seed, level } = { seed: settings.get('hunt'), level: settings.get('level') };
      return sessions.ask((session) => session.hunt({ seed, level, answer, evidence: true }));
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
}

interface Memory {
  readonly radius: number;
  /** Bias of the gate that keeps the memory. */
  readonly gate: number;
  readonly units: number;
  readonly steps: number;
  readonly seed: number;
}

function influenceRequest(
  name: MemoryCell,
  { radius, gate, units, steps, seed }: Memory,
): [DerivationRequest, { radius: number }] {
  const common = { sizes: { h: units, x: 3 }, steps, seed, at: 'last' as const };
  if (name === 'homework') return [{ ...common, cell: equationsOf(name, '') }, { radius }];
  const { cell, bias } = keeping[name];
  return [{ ...common, cell, values: { [bias]: Array<number>(units).fill(gate) } }, { radius }];
}

/** What the engine says against a text; null for errors of another kind. */
function refusalOf(error: unknown): Refusal | null {
  const { code, message, details } = error as {
    code?: string;
    message?: string;
    details?: { source?: string; excerpt?: string; caret?: string };
  };
  if (code !== 'ARGUMENT' && code !== 'SHAPE') return null;
  const [, field = '', rule = ''] = /^(\w+): ([\s\S]*)$/.exec(message ?? '') ?? [];
  return {
    message: rule === '' ? (message ?? '') : rule,
    excerpt: details?.excerpt ?? '',
    caret: details?.caret ?? '',
    field: details?.source ?? field,
  };
}
