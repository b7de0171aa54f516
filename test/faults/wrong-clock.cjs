// Loaded before the program: its wall clock is wrong by as many milliseconds as a file says. Its monotonic clock is not.
const { readFileSync } = require('node:fs');

const RealDate = Date;
let offset = 0;

function look() {
  try {
    offset = Number(readFileSync(process.env.WRONG_CLOCK_FILE, 'utf8')) || 0;
  } catch {
    // The file is being written: the next look comes soon.
  }
}

if (process.env.WRONG_CLOCK_FILE) {
  look();
  setInterval(look, 20).unref();
  globalThis.Date = class Date extends RealDate {
    constructor(...values) {
      if (values.length === 0) super(RealDate.now() + offset);
      else super(...values);
    }

    static now() {
      return RealDate.now() + offset;
    }
  };
}
