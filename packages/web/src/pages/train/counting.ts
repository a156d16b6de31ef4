/** What counting triplets of characters achieves on the page's text: a bar for the trained model. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Sessions } from '../../frame/page.js';
import type { Settings } from '../../state/settings.js';
import type { Lab, TextSource } from './lab.js';
import type { table } from './table.js';

/** Without a validation part of the run's own, this share is tested on. */
const TESTED = 0.1;

export interface Counting {
  /** Nats per character; `undefined` until it is counted, and for texts that are too short. */
  readonly loss: ReadonlySignal<number | undefined>;
  dispose(): void;
}

/** Counts each text once, from the first validation of a run on: earlier it would take time from the training. */
export function countBeside(lab: Lab, settings: Settings<typeof table>, sessions: Sessions): Counting {
  const loss = signal<number | undefined>(undefined);
  let counted: { readonly source: TextSource; readonly share: number } | undefined;
  const ask = sessions.newest(
    (session, { source, share }: { source: TextSource; share: number }) =>
      session.baselines(source.content, { validationFraction: share, order: 3 }),
    { precision: 'f32' },
  );
  const dispose = effect(() => {
    const source = lab.source.value;
    const share = settings.get('validation') || TESTED;
    if (source === null || lab.validation.value === undefined) return;
    if (counted?.source === source && counted.share === share) return;
    counted = { source, share };
    loss.value = undefined;
    ask(counted).then(
      (found) => {
        if (found !== undefined && counted?.source === source) loss.value = found.losses.at(-1);
      },
      // A text too short to count has no bar; training says itself what is wrong with it.
      () => undefined,
    );
  });
  return { loss, dispose };
}
