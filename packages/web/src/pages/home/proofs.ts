/** Which page proves the answer of a question, and in which state. */
import type { PageTarget } from '../../frame/page-link.js';
import type { QuestionId } from './table.js';

export const proofs: Readonly<Record<QuestionId, PageTarget>> = {
  q1a: { page: 'architecture', query: { task: 'speech', shape: 'many-to-one' } },
  q1b: { page: 'architecture', query: { task: 'cat-mood', mode: 'prove' } },
  q1c: { page: 'language-model' },
  q2a: { page: 'bptt', query: { mode: 'prove' } },
  q2b: { page: 'bptt', query: { wrt: 'h_0' } },
  q2c: { page: 'bptt', query: { at: 'last', wrt: 'W_hh' } },
  q2d: { page: 'bptt', query: { wrt: 'W_hh' } },
  q3a: { page: 'attention' },
  q3b: { page: 'attention', query: { mode: 'prove' } },
  q4: { page: 'train' },
};
