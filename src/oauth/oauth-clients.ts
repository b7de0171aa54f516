import { timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { WatchedFile } from '../core/watched-file.js';
import { CLIENTS_FILE, digestSecret, type OauthClient, parseClients } from './clients-file.js';
import { OauthOptions } from './oauth.options.js';

/** The resource servers that may ask. */
@Injectable()
export class OauthClients implements OnModuleInit, OnModuleDestroy {
  private readonly file: WatchedFile<OauthClient[]> | null;

  constructor({ clientsFile, clientsFileMayBeAbsent }: OauthOptions) {
    const contents = { parse: parseClients, ...(clientsFileMayBeAbsent && { absent: () => [] }) };
    this.file = clientsFile === null ? null : new WatchedFile(clientsFile, CLIENTS_FILE, contents);
  }

  onModuleInit(): void {
    this.file?.open();
  }

  onModuleDestroy(): void {
    this.file?.close();
  }

  get isStale(): boolean {
    return this.file?.isStale ?? false;
  }

  /** The client whose id and secret these are, or null; takes as long whether the id is known or not. */
  authenticate(id: string, secret: string): OauthClient | null {
    const client = this.file?.current?.find((candidate) => candidate.id === id) ?? null;
    const given = Buffer.from(digestSecret(secret), 'base64url');
    const expected = Buffer.from(client?.secretDigest ?? digestSecret(''), 'base64url');
    return timingSafeEqual(given, expected) ? client : null;
  }

  /** Whether a client that has proved who it is would still pass: it is listed, with the same secret. */
  has({ id, secretDigest }: OauthClient): boolean {
    return this.file?.current?.some((client) => client.id === id && client.secretDigest === secretDigest) ?? false;
  }
}
