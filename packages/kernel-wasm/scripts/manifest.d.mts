export interface Manifest {
  sources: string;
  tools: Record<string, string>;
  artefacts: Record<string, { bytes: number; gzipBytes: number; sha256: string }>;
}

export const crate: string;
export const pkg: string;
export function hashSources(): string;
export function writeManifest(folder: string, tools: Record<string, string>): void;
export function readManifest(folder: string): Manifest;
export function findProblems(folder: string): string[];
export function compareManifests(
  committed: Manifest,
  fresh: Manifest,
): { same: boolean | undefined; message: string };
