// Writes prices.json from the npm package @pydantic/genai-prices (MIT, see LICENSE.genai-prices):
//
//   cd "$(mktemp -d)" && npm install @pydantic/genai-prices && node <this file>
//
// Rates are USD per million tokens, or per thousand requests and web searches. A price holds from its date (in UTC; none
// means always) and, if it has hours, in that part of each day. The last one of a list that holds is the price, else the
// first. A tier replaces the rates of a whole call whose input, cached included, is over its number of tokens.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const entry = createRequire(process.cwd() + '/').resolve('@pydantic/genai-prices');
const { version } = JSON.parse(readFileSync(entry.replace(/dist[\\/].*$/, 'package.json')));
const { findProvider } = await import(pathToFileURL(entry.replace('.cjs', '.js')));

// The package lists no providers. One that is missing here is missing from the book.
const providers = [
  'anthropic', 'avian', 'aws', 'azure', 'cerebras', 'cohere', 'deepseek', 'doubleword', 'fireworks', 'google', 'groq',
  'huggingface_cerebras', 'huggingface_fireworks-ai', 'huggingface_groq', 'huggingface_hyperbolic', 'huggingface_nebius',
  'huggingface_novita', 'huggingface_nscale', 'huggingface_ovhcloud', 'huggingface_publicai', 'huggingface_sambanova',
  'huggingface_together', 'minimax', 'mistral', 'modal', 'moonshotai', 'novita', 'openai', 'openrouter', 'ovhcloud',
  'perplexity', 'together', 'voyageai', 'x-ai', 'zai', 'zhipuai',
].map(id => findProvider({ providerId: id }));

// An empty price means free. These are empty because nobody knows.
const unknown = new Set([
  'cerebras/qwen-3-coder-480b', 'huggingface_together/ServiceNow-AI/Apriel-1.6-15b-Thinker',
  'openrouter/google/lyria-3-clip-preview', 'openrouter/google/lyria-3-pro-preview',
]);

const names = {
  input_mtok: 'input', output_mtok: 'output', cache_read_mtok: 'cacheRead', cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWrite1h', output_reasoning_mtok: 'reasoning', input_audio_mtok: 'inputAudio',
  cache_audio_read_mtok: 'cacheReadAudio', output_audio_mtok: 'outputAudio', input_image_mtok: 'inputImage',
  cache_image_read_mtok: 'cacheReadImage', output_image_mtok: 'outputImage', input_video_mtok: 'inputVideo',
  output_video_mtok: 'outputVideo', requests_kcount: 'requests', web_searches_kcount: 'webSearches',
};

const rounded = rate => Number(rate.toFixed(6)); // pico-USD per token: what the arithmetic is exact to
const at = (rate, over) => typeof rate === 'number' ? rate : rate.tiers.findLast(t => t.start <= over)?.price ?? rate.base;

function ratesOf(prices, over) {
  const rates = {};
  let others = false;
  for (const [key, rate] of Object.entries(prices)) {
    if (key in names) rates[names[key]] = rounded(at(rate, over));
    else others = true;
  }
  // Sold by the hour, page or message only: tokens say nothing about the cost.
  return others && Object.keys(rates).length === 0 ? undefined : rates;
}

function priceOf({ constraint, prices }, after) {
  const tiers = [...new Set(Object.values(prices).flatMap(rate => rate.tiers?.map(t => t.start) ?? []))].sort((a, b) => a - b);
  return {
    // Hours refine the price before them, so they begin with it.
    from: constraint?.start_date ?? (constraint?.start_time ? after : undefined),
    hours: constraint?.start_time && [constraint.start_time, constraint.end_time].map(t => t.replace(/^(\d\d:\d\d):00Z$/, '$1')),
    rates: ratesOf(prices, 0),
    tiers: tiers.length === 0 ? undefined : tiers.map(over => ({ over, rates: ratesOf(prices, over) })),
  };
}

function pricesOf(prices) {
  let after;
  return (Array.isArray(prices) ? prices : [{ prices }]).map(price => {
    after = price.constraint?.start_date ?? after;
    return priceOf(price, after);
  });
}

const own = model => model.match.equals?.toLowerCase() === model.id.toLowerCase() ? undefined : model.match;
const lines = providers.map(p => {
  const head = JSON.stringify({ id: p.id, names: p.provider_match, owns: p.model_match, fallbacks: p.fallback_model_providers });
  const models = p.models
    .filter(m => !unknown.has(`${p.id}/${m.id}`))
    .map(m => '  ' + JSON.stringify({ id: m.id, match: own(m), prices: pricesOf(m.prices) }));
  return `${head.slice(0, -1)},"models":[\n${models.join(',\n')}]}`;
});
writeFileSync(new URL('prices.json', import.meta.url), `{"source":"genai-prices ${version}","providers":[\n${lines.join(',\n')}]}\n`);
