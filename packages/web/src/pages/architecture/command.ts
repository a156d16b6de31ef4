/** The terminal's twin: the same weighing of architectures for the task. */
import type { Values } from './table.js';

export const routeCommand = ({ task }: Pick<Values, 'task'>, language: string): string =>
  `npx hw5 route ${task}${language === 'fa' ? ' --lang fa' : ''}`;
