/** Started several times by a test: takes the lock of the folder that it is sent, and gives it back when told to. */
import { lockRun } from '../dist/run/lock.js';

let lock;
process.on('message', (folder) => {
  if (folder === 'release') {
    lock?.release();
    lock = undefined;
    process.send('released');
    return;
  }
  try {
    lock = lockRun(folder);
    process.send('taken');
  } catch (error) {
    process.send(error.code);
  }
});
process.send('ready');
