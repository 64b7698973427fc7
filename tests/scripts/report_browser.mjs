// Opens a report in a browser as a reader would, and tells what it found as JSON:
//   node report_browser.mjs PAGE SCREENSHOT_FOLDER VIEW...
import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const [page, shots, ...names] = process.argv.slice(2);
const address = `file://${page}`;
const views = [
  { name: 'wide', width: 1280, scheme: 'light', script: true },
  { name: 'dark', width: 1280, scheme: 'dark', script: false },
  { name: 'phone', width: 390, scheme: 'light', script: false },
  { name: 'phone-dark', width: 390, scheme: 'dark', script: true },
];

// What a reader sees: the totals, the rows, the drawings, and whether the page fits its window.
function look() {
  const value = (element) => element.dataset.value;
  const totals = {};
  for (const element of document.querySelectorAll('[data-total]')) {
    totals[element.dataset.total] = value(element);
  }
  const rows = (selector) => [...document.querySelectorAll(selector)].map((row) => ({ ...row.dataset }));
  const box = (element) => element.getBoundingClientRect();
  const colour = (element, name) => getComputedStyle(element)[name];
  const plots = [...document.querySelectorAll('svg.plot')].map((plot) => ({
    width: box(plot).width,
    height: box(plot).height,
    marks: [...plot.querySelectorAll('path, use')].filter((mark) => box(mark).width + box(mark).height > 0).length,
    words: [...plot.querySelectorAll('text')].map((text) => colour(text, 'fill')),
    unset: [...plot.querySelectorAll('[style*="var("]')].filter((mark) => !colour(mark, 'fill') && !colour(mark, 'stroke')).length,
    outside: [...plot.querySelectorAll('text')].filter((text) => box(text).right > box(plot).right + 2 || box(text).left < box(plot).left - 2).map((text) => text.textContent),
  }));
  return {
    totals,
    plots,
    trades: rows('#trades-table tbody tr'),
    balances: rows('#balances-table tbody tr'),
    loss: value(document.querySelector('#loss') ?? { dataset: {} }),
    digest: document.querySelector('#digest').textContent,
    background: colour(document.body, 'backgroundColor'),
    ink: colour(document.body, 'color'),
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    title: document.title,
  };
}

const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: 'shell',
});
const found = {};
try {
  for (const { name, width, scheme, script } of views.filter((view) => names.includes(view.name))) {
    const tab = await browser.newPage();
    const problems = [];
    tab.on('console', (message) => problems.push(`console: ${message.text()}`));
    tab.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    await tab.setRequestInterception(true);
    tab.on('request', (request) => {
      const own = request.url() === address || request.url().startsWith('data:');
      if (!own) problems.push(`request: ${request.url()}`);
      return own ? request.continue() : request.abort();
    });
    await tab.setJavaScriptEnabled(script);
    await tab.setViewport({ width, height: 900 });
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await tab.goto(address, { waitUntil: 'load' });
    found[name] = { ...(await tab.evaluate(look)), problems };
    await tab.screenshot({ path: `${shots}/report-${name}.png`, clip: { x: 0, y: 0, width, height: 2400 } });
    await tab.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found));
