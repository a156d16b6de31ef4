/** What the page knows: the unrolled architecture, what is best for the task, question 1a, the experiments. */
import type { ExperimentResult } from '@hw5/core';
import type { ArchitectureChoice, ArchitectureLook, Question, Route } from '@hw5/core/homework';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { Judging } from '../../frame/answers/judging.js';
import { Trial } from '../../frame/experiments/trial.js';
import { errorNotice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import type { ArchitectureKey } from './en.js';
import { worthOf } from './judge.js';
import { lossSteps } from './loss-steps.js';
import type { ArchitectureTable } from './table.js';

export const experiments = ['mood', 'future', 'leak'] as const;
export type ExperimentId = (typeof experiments)[number];

export class ArchitectureModel {
  readonly context: PageContext<ArchitectureTable, ArchitectureKey>;
  readonly look: Signal<ArchitectureLook | null> = signal<ArchitectureLook | null>(null);
  readonly route: Signal<Route | null> = signal<Route | null>(null);
  readonly question: Signal<Question | null> = signal<Question | null>(null);
  readonly judging: Judging;
  /** In Predict: what the learner has settled on has been judged. */
  readonly committed: Signal<boolean> = signal(false);
  /** True in Predict until the learner has committed a choice: what the graph says stays out of sight. */
  readonly secret: ReadonlySignal<boolean>;
  /** y_t that is looked at, counting from 1. */
  readonly at: ReadonlySignal<number>;
  readonly trials: Readonly<Record<ExperimentId, Trial>>;
  readonly #found = new Map<ExperimentId, ExperimentResult>();
  readonly #endings: (() => void)[];

  constructor(context: PageContext<ArchitectureTable, ArchitectureKey>) {
    this.context = context;
    const { settings, sessions, notice, mode } = context;
    const fail = (error: unknown): void => {
      notice.value = errorNotice(error);
    };
    this.judging = new Judging('q1a', context, fail);
    this.secret = computed(() => mode.value === 'predict' && !this.committed.value);
    this.at = computed(() =>
      Math.min(settings.get('at'), Math.max(1, this.look.value?.paths.length ?? settings.get('at'))),
    );
    const trial = (name: ExperimentId): Trial =>
      new Trial(name, sessions, (told) => {
        notice.value = told;
      });
    this.trials = { mood: trial('mood'), future: trial('future'), leak: trial('leak') };
    const look = sessions.newest(
      (session, { task, choice }: { readonly task: string; readonly choice: ArchitectureChoice }) =>
        session.lookAtArchitecture(task, choice),
    );
    const route = sessions.newest((session, task: string) => session.route(task));
    this.#endings = [
      effect(() => {
        const { task, at: _, ...values } = settings.all();
        this.committed.value = false;
        look({ task, choice: { ...values, mask: lossSteps(values) } }).then((found) => {
          if (found !== undefined) this.look.value = found;
        }, fail);
      }),
      effect(() => {
        const task = settings.get('task');
        this.route.value = null;
        route(task).then((found) => {
          if (found !== undefined) this.route.value = found;
        }, fail);
      }),
    ];
    sessions
      .ask((session) => session.solve('q1a'))
      .then(({ groups }) => {
        this.question.value = groups[0]?.questions[0] ?? null;
      }, fail);
  }

  /** Puts a task into a socket. */
  put(task: ArchitectureTable['task']['initial'], shape: ArchitectureTable['shape']['initial']): void {
    this.context.settings.adopt({ task, shape });
  }

  commit(): void {
    const look = this.look.peek();
    if (look === null || !this.secret.peek()) return;
    this.committed.value = true;
    this.context.score.add(worthOf(look));
  }

  /** Stamps the page when all three experiments have been run. */
  found(name: ExperimentId, result: ExperimentResult): void {
    this.#found.set(name, result);
    const results = experiments.flatMap((id) => this.#found.get(id) ?? []);
    if (results.length < experiments.length) return;
    const findings = results.flatMap((one) => one.findings);
    const count = findings.filter(({ holds }) => holds).length;
    const passed = count === findings.length;
    this.context.proof.value = {
      passed,
      key: passed ? 'proof.passed' : 'proof.failed',
      facts: { count, of: findings.length },
    };
  }

  dispose(): void {
    for (const end of this.#endings) end();
  }
}
