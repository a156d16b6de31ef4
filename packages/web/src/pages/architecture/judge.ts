/** What a learner's choice of an architecture is worth. */
import type { ArchitectureLook } from '@hw5/core/homework';

/** 1: nothing is better; 0.5: it would do, but another sees less without need or is smaller; 0: it cannot. */
export function worthOf({ obstacle, handicap }: Pick<ArchitectureLook, 'obstacle' | 'handicap'>): number {
  if (obstacle !== null) return 0;
  return handicap === null ? 1 : 0.5;
}
