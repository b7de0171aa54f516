import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const MODES = ['session', 'jwt'] as const;
const BROWSER = onPath('chromium') ?? onPath('chromium-browser');
/** Of a busy machine: the page is a large one. */
const TEST_MS = 90_000;
const MISSING = 'Swagger UI not tried in a browser: no chromium on PATH (apt-get install -y chromium).';
const QUIET = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((part) => `--disable-${part}`);

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

interface Shown {
  readonly status: number;
  readonly body: { user?: { email: string }; accessToken?: string; code?: string } | null;
  /** What the page sent. */
  readonly authorization: string | undefined;
}

if (!BROWSER && process.env.CI !== 'true') process.stderr.write(`${MISSING}\n`);

(BROWSER || process.env.CI === 'true' ? describe : describe.skip)('Swagger UI in a browser', () => {
  let browser: Browser;
  const running: Partial<Record<(typeof MODES)[number], Running>> = {};

  beforeAll(async () => {
    if (!BROWSER) throw new Error(MISSING);
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    [browser] = await Promise.all([
      chromium.launch({ executablePath: BROWSER, args: [...QUIET, '--no-first-run', ...asRoot] }),
      ...MODES.map(async (mode) => (running[mode] = await start(mode))),
    ]);
  }, TEST_MS);

  afterAll(async () => {
    await browser?.close();
    await Promise.all(Object.values(running).map((app) => app.stop()));
  });

  describe.each(MODES)('in %s mode', (mode) => {
    it(
      'registers, logs in by cookie, welcomes and logs out, with the examples as they stand',
      async () => {
        const docs = await Docs.open(browser, running[mode]!.url);
        expect(await docs.execute('post', '/auth/register')).toMatchObject({ status: 201 });
        expect(await docs.execute('post', '/auth/login')).toMatchObject({ status: 200 });
        expect(await docs.cookies()).toEqual(mode === 'session' ? ['device', 'sid'] : ['at', 'device', 'rt']);
        const me = { status: 200, body: { user: { email: 'ada@example.com' } }, authorization: undefined };
        expect(await docs.execute('get', '/auth/me')).toMatchObject(me);
        expect(await docs.execute('post', '/auth/logout')).toMatchObject({ status: 204 });
        expect(await docs.cookies()).toEqual(['device']);
        expect(await docs.execute('get', '/auth/me')).toMatchObject({
          status: 401,
          body: { code: 'credentials_missing' },
        });
        expect(await docs.close()).toEqual({ complaints: ['401 /auth/me'], strangers: [] });
      },
      TEST_MS,
    );

    it(
      'logs in with the bearer transport, and goes on with the token pasted into Authorize',
      async () => {
        const { url } = running[mode]!;
        await registerByHand(url);
        const docs = await Docs.open(browser, url);
        const { body } = await docs.execute('post', '/auth/login', 'bearer');
        await docs.authorize(body!.accessToken!);
        const authorization = `Bearer ${body!.accessToken}`;
        const me = { status: 200, body: { user: { email: 'ada@example.com' } }, authorization };
        expect(await docs.execute('get', '/auth/me')).toMatchObject(me);
        expect(await docs.execute('post', '/auth/logout')).toMatchObject({ status: 204, authorization });
        expect(await docs.cookies()).toEqual([]);
        expect(await docs.close()).toEqual({ complaints: [], strangers: [] });
      },
      TEST_MS,
    );
  });
});

/** The page, used as a reader uses it: by what it shows. */
class Docs {
  private readonly complaints: string[] = [];
  private readonly strangers: string[] = [];

  private constructor(
    private readonly page: Page,
    origin: string,
  ) {
    page.setDefaultTimeout(20_000);
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      // The browser itself notes every refusal; a test says which ones it asked for.
      const [, status] = /status of (4\d\d)/.exec(message.text()) ?? [];
      const { url } = message.location();
      this.complaints.push(status ? `${status} ${new URL(url).pathname}` : `${message.text()} ${url}`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.origin !== origin) this.strangers.push(url.href);
    });
  }

  static async open(browser: Browser, url: string): Promise<Docs> {
    const context = await browser.newContext();
    const docs = new Docs(await context.newPage(), new URL(url).origin);
    await docs.page.goto(`${url}/docs`);
    return docs;
  }

  /** Opens a route, presses Execute and reads what the page shows. */
  async execute(method: string, path: string, example?: string): Promise<Shown> {
    const route = this.page.locator(`.opblock-${method}`, { has: this.page.locator(`[data-path="${path}"]`) });
    const execute = route.locator('button.execute');
    if (!(await execute.isVisible())) await route.locator('.opblock-summary-control').click();
    if (example) await route.locator('.opblock-section-request-body .examples-select-element').selectOption(example);
    const clear = route.locator('button.btn-clear');
    if (await clear.isVisible()) await clear.click();
    const sent = this.page.waitForRequest((request) => new URL(request.url()).pathname === path);
    await execute.click();
    const authorization = (await sent).headers().authorization;
    const row = route.locator('.live-responses-table tbody > tr').first();
    const status = await row.locator('.response-col_status').innerText();
    return { status: Number(status.trim()), body: await bodyIn(row), authorization };
  }

  async authorize(token: string): Promise<void> {
    await this.page.locator('.scheme-container button.authorize').click();
    const fields = this.page.locator('.dialog-ux .auth-container', { hasText: 'accessToken' });
    // Where the cursor is when the window opens is where a reader pastes.
    await expect(fields.locator('input:focus').count()).resolves.toBe(1);
    await this.page.keyboard.insertText(token);
    await fields.locator('button.authorize').click();
    await fields.locator('button.btn-done').click();
  }

  async cookies(): Promise<string[]> {
    return (await this.page.context().cookies()).map(({ name }) => name).sort();
  }

  /** What the browser complained of, and the hosts it should not have been sent to. */
  async close(): Promise<{ complaints: string[]; strangers: string[] }> {
    await this.page.context().close();
    return { complaints: this.complaints, strangers: this.strangers };
  }
}

async function bodyIn(row: Locator): Promise<Shown['body']> {
  const shown = row.locator('.highlight-code code');
  return (await shown.count()) > 0 ? (JSON.parse(await shown.innerText()) as Shown['body']) : null;
}

/** The built program, with nothing set but the mode: sessions and users are in its own embedded database. */
async function start(mode: string): Promise<Running> {
  const cwd = mkdtempSync(join(tmpdir(), `sallyport-docs-${mode}-`));
  // Root's PostgreSQL is another user, who must be able to pass.
  chmodSync(cwd, 0o755);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [resolve('dist/src/main.js')], {
    cwd,
    env: { PATH, HOME, PORT: '0', AUTH_MODE: mode },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(cwd, { recursive: true });
  };
  try {
    return { url: await announced(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function announced(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /open (http:\/\/\S+)\/docs/.exec(line) ?? [];
    if (!url) continue;
    child.stdout!.resume();
    return url;
  }
  throw new Error('The program ended before it was ready.');
}

/** By a program of one's own, for the tests that begin with a user: whichever comes first has opened the account. */
async function registerByHand(url: string): Promise<void> {
  const body = JSON.stringify({ email: 'ada@example.com', password: 'analytical engines weave' });
  await fetch(`${url}/auth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

function onPath(name: string): string | undefined {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
