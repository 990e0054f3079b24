import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileBlobStore } from '../../shared/adapters/files/file-blob-store.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { blobStoreContract } from './blob-store-contract.ts';

blobStoreContract('the fake', async () => ({ blobs: new FakeBlobStore(), close: async () => undefined }));

blobStoreContract('sealed files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-blobs-'));
  return { blobs: new FileBlobStore(join(folder, 'blobs')), close: async () => rmSync(folder, { recursive: true }) };
});
