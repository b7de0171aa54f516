// npm run test:wycheproof -- DIR
//
// Runs the JSON web signature, key and crypto vectors of C2SP/wycheproof (DIR holds its testvectors_v1) against the verifier that
// the service and its guard for other services use: the keys are read as a keys file is, the tokens as an access token is.
import { createSecretKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXCEPTIONS, KEYS_TAKEN, ONLY_REFUSED } from './exceptions.mjs';

const FILES = ['json_web_signature_test', 'json_web_key_test', 'json_web_crypto_test'];
const OURS = new Set(['ES256', 'RS256', 'PS256', 'HS256']);
const root = join(import.meta.dirname, '..', '..');

const folder = process.argv[2];
if (!folder || process.argv.length > 3) fail('Usage: npm run test:wycheproof -- DIR');
const missing = FILES.filter((name) => !existsSync(pathOf(name)));
if (missing.length > 0) fail(`Not in ${resolve(folder)}: ${missing.map((name) => `${name}.json`).join(', ')}`);

const { readToken, signatureHolds } = await import('@sallyport/verify/rules');
const { parseKeys } = await import(join(root, 'dist/src/keys/keys-file.js'));
const { UnusableFileError } = await import(join(root, 'dist/src/core/text-file.js'));

const totals = FILES.map(runFile).reduce((sum, counts) => add(sum, counts), zero());
console.log(`\n${totals.excepted} of these by the list of exceptions; ${totals.others} ${ONLY_REFUSED}: refused.`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

function runFile(name) {
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(pathOf(name), 'utf8'));
  const excepted = new Set(EXCEPTIONS[name].flatMap(({ tcIds }) => tcIds));
  console.log(`\n${name}.json`);
  const counts = new Map();
  for (const group of testGroups) {
    const sum = add(counts.get(group.comment) ?? zero(), runGroup(group, excepted));
    counts.set(group.comment, sum);
  }
  for (const [title, { passed, failed, keyRefused }] of counts) {
    const note = keyRefused > 0 ? ` (${keyRefused} refused for the key)` : '';
    console.log(`  ${title}: ${passed} passed, ${failed} failed${note}`);
  }
  const total = [...counts.values()].reduce((sum, one) => add(sum, one), zero());
  if (total.passed + total.failed !== numberOfTests) fail(`${name}.json says that it has ${numberOfTests} tests.`);
  return total;
}

function runGroup(group, excepted) {
  const counts = zero();
  for (const test of group.tests) {
    const token = textOf(test.jws ?? test.jwe);
    const keys = keysOf(group, token);
    const isOther = test.result === 'valid' && !setOf(group).every(({ alg }) => OURS.has(alg));
    const isExcepted = excepted.has(test.tcId);
    const expected = isOther ? false : (test.result === 'valid') !== isExcepted;
    const agrees = (keys !== null && accepts(keys, token)) === expected;
    counts[agrees ? 'passed' : 'failed'] += 1;
    if (isExcepted) counts.excepted += 1;
    if (isOther) counts.others += 1;
    if (!keys) counts.keyRefused += 1;
    if (!agrees)
      console.log(`  FAILED ${group.comment} ${test.tcId} ${test.comment}: ${expected ? 'refused' : 'accepted'}`);
  }
  return counts;
}

/**
 * The keys of a service whose keys file holds these and whose algorithm is the one that they, or else the token, ask for. Null
 * when it would not start with them.
 */
function keysOf(group, token) {
  const [first] = setOf(group);
  const algorithm = first.alg ?? headerAlg(token);
  if (!OURS.has(algorithm)) return null;
  if (KEYS_TAKEN.some((taken) => taken.group === group.comment))
    return [{ kid: first.kid, alg: algorithm, key: createSecretKey(first.k, 'base64url') }];
  try {
    return parseKeys(JSON.stringify({ keys: setOf(group) }), algorithm);
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    return null;
  }
}

function accepts(keys, token) {
  const read = readToken(token);
  const key = read && keys.find(({ kid }) => kid === read.kid);
  return key ? signatureHolds(read, key) : false;
}

function textOf(token) {
  return typeof token === 'string' ? token : JSON.stringify(token);
}

function headerAlg(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).alg;
}

function setOf(group) {
  const keys = group.private ?? group.public;
  return keys.keys ?? [keys];
}

function zero() {
  return { passed: 0, failed: 0, excepted: 0, others: 0, keyRefused: 0 };
}

function add(a, b) {
  return Object.fromEntries(Object.keys(a).map((name) => [name, a[name] + b[name]]));
}

function pathOf(name) {
  return join(folder, `${name}.json`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
