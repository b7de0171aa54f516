import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchedFile } from '../../src/core/watched-file.js';
import { eventually } from '../support/eventually.js';

describe('a file that may be missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-watched-'));
  const path = join(folder, 'file.txt');
  const file = new WatchedFile(path, 'the file', { parse: (text) => text, absent: () => 'none' });
  afterAll(() => {
    file.close();
    rmSync(folder, { recursive: true });
  });

  it('is read once it is there, and goes on as it was when it is missing again', async () => {
    file.open();
    expect(file.current).toBe('none');
    writeFileSync(path, 'one');
    await eventually(async () => file.current === 'one');
    // As an editor does that puts a new one in its place.
    renameSync(path, `${path}~`);
    await eventually(async () => file.isStale);
    expect(file.current).toBe('one');
    writeFileSync(path, 'two');
    await eventually(async () => file.current === 'two');
    expect(file.isStale).toBe(false);
  });
});
