/** Models to and from the formats of others, each way with a receipt. */
export { type Exported, exportFormats, exportRun } from './export.js';
export { type Imported, type ImportRequest, importFile } from './import.js';
export type { Cell, ExportFormat, ImportFormat, Receipt, ReceiptRow } from './receipt.js';
