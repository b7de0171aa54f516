import { brotliDecompressSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { COMMON_PASSWORDS } from './common-passwords.list.js';
import { readingsOf } from './decorated-word.js';

/** The words that the most used passwords of published breaches are made of, and well-known sayings. It asks nobody. */
@Injectable()
export class CommonPasswords {
  private readonly words = new Set(brotliDecompressSync(Buffer.from(COMMON_PASSWORDS, 'hex')).toString().split('\n'));

  /**
   * True for a listed password in any case and leet spelling, with separators, digits and punctuation about it.
   *
   * @example
   * common.has('P@ssw0rd-1234567!'); // true
   */
  has(password: string): boolean {
    return readingsOf(password).some((word) => this.words.has(word));
  }
}
