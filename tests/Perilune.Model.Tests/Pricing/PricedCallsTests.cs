using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

/// <summary>
/// Costs in nano-USD, worked out by hand beside each. A dollar per million tokens is 1000 nano-USD per token; a dollar per
/// thousand searches is 1,000,000 nano-USD each.
/// </summary>
public sealed class PricedCallsTests
{
    [Theory]
    [InlineData("gpt-4o", "in 1000, out 500", 7_500_000)] // 1000*2500 + 500*10000
    [InlineData("gpt-4o", "in 1, out 0", 2_500)] // 1*2500
    [InlineData("gpt-4o", "in 0, out 0", 0)] // 0
    [InlineData("gpt-4o", "in 1000, out 500, read 400", 7_000_000)] // 600*2500 + 400*1250 + 500*10000
    [InlineData("gpt-4o", "in 1000, out 500, read 1000", 6_250_000)] // 1000*1250 + 500*10000
    [InlineData("gpt-4o", "in 1000, out 500, searches 2", 27_500_000)] // 1000*2500 + 500*10000 + 2*10000000
    [InlineData("gpt-4o-2024-08-06", "in 1000, out 500", 7_500_000)] // 1000*2500 + 500*10000
    [InlineData("gpt-4o-2024-05-13", "in 1000, out 500", 12_500_000)] // 1000*5000 + 500*15000
    [InlineData("gpt-4o-2024-05-13", "in 1000, out 500, read 400", 12_500_000)] // 1000*5000 + 500*15000 (no discount: cached as input)
    [InlineData("gpt-4o-mini", "in 23, out 7", 7_650)] // 23*150 + 7*600
    [InlineData("gpt-4o-mini", "in 120, out 34, read 64", 33_600)] // 56*150 + 64*75 + 34*600
    [InlineData("gpt-4.1", "in 1000000, out 32000", 2_256_000_000)] // 1000000*2000 + 32000*8000
    [InlineData("gpt-4.1-nano", "in 3, out 1, read 1", 625)] // 2*100 + 1*25 + 1*400
    [InlineData("gpt-4.1-nano", "in 2048, out 100, read 1024", 168_000)] // 1024*100 + 1024*25 + 100*400
    [InlineData("gpt-5", "in 1000, out 300, think 256", 4_250_000)] // 1000*1250 + 300*10000 (reasoning is in the output)
    [InlineData("gpt-5-mini", "in 1000, out 1000, read 999", 2_025_225)] // 1*250 + 999*25 + 1000*2000
    [InlineData("gpt-6-luna", "in 272000, out 1000", 27_700_000)] // 272000*100 + 1000*500
    [InlineData("gpt-6-luna", "in 272001, out 1000", 55_150_200)] // 272001*200 + 1000*750
    [InlineData("gpt-6-luna", "in 300000, out 1000, read 290000, write 5000", 8_800_000)] // 5000*200 + 290000*20 + 5000*250 + 1000*750
    [InlineData("gpt-6-astra", "in 271999, out 10", 2_720_490_000)] // 271999*10000 + 10*50000
    [InlineData("gpt-6-astra", "in 272000, out 10", 5_440_750_000)] // 272000*20000 + 10*75000
    [InlineData("gpt-5.4", "in 400000, out 1000, read 400000", 222_500_000)] // 400000*500 + 1000*22500 (the cached ones count for the tier)
    [InlineData("o1-pro", "in 10, out 10", 7_500_000)] // 10*150000 + 10*600000
    [InlineData("gpt-3.5-turbo-0125", "in 10, out 10", 20_000)] // 10*500 + 10*1500
    [InlineData("ft:gpt-4o-mini-2024-07-18:acme::abc", "in 10, out 10", 15_000)] // 10*300 + 10*1200
    [InlineData("text-embedding-3-small", "in 8191", 163_820)] // 8191*20
    [InlineData("text-embedding-3-large", "in 1000, out 0", 130_000)] // 1000*130
    [InlineData("omni-moderation-latest", "in 1000, out 5", 0)] // 0
    [InlineData("gpt-realtime", "in 1000, out 100, read 300, inAudio 800, readAudio 200, outAudio 60", 24_200_000)] // 100*4000 + 100*400 + 600*32000 + 200*400 + 40*16000 + 60*64000
    [InlineData("gpt-realtime-mini", "in 500, out 50, inAudio 500, outAudio 50", 6_000_000)] // 500*10000 + 50*20000
    [InlineData("gpt-realtime-mini", "in 500, out 0, read 300, inImage 400, readImage 300", 164_000)] // 100*600 + 100*800 + 300*80
    [InlineData("gpt-audio", "in 100, out 100, read 50, inAudio 40, outAudio 30", 4_050_000)] // 60*2500 + 40*32000 + 70*10000 + 30*64000
    [InlineData("gpt-4o-transcribe", "in 400, out 90, inAudio 390", 3_265_000)] // 10*2500 + 390*6000 + 90*10000
    [InlineData("gpt-image-1", "in 373, out 4160, inImage 323", 169_880_000)] // 50*5000 + 323*10000 + 4160*40000
    [InlineData("gpt-image-1.5", "in 373, out 1100, inImage 323, outImage 1056", 37_066_000)] // 50*5000 + 323*8000 + 44*10000 + 1056*32000
    public void OpenAi(string model, string counts, long nanoUsd) => Check("openai", model, "2026-11-24", counts, nanoUsd);

    [Theory]
    [InlineData("claude-sonnet-4-5-20250929", "in 1000, out 100", 4_500_000)] // 1000*3000 + 100*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 10040, out 100, read 10000", 4_620_000)] // 40*3000 + 10000*300 + 100*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 10040, out 100, write 10000", 39_120_000)] // 40*3000 + 10000*3750 + 100*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 10040, out 100, write1h 10000", 61_620_000)] // 40*3000 + 10000*6000 + 100*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 1000, out 10, read 500, write 200, write1h 100", 2_250_000)] // 200*3000 + 500*300 + 200*3750 + 100*6000 + 10*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 200000, out 1000", 615_000_000)] // 200000*3000 + 1000*15000
    [InlineData("claude-sonnet-4-5-20250929", "in 200001, out 1000", 1_222_506_000)] // 200001*6000 + 1000*22500
    [InlineData("claude-sonnet-4-5-20250929", "in 250000, out 1000, read 240000, write1h 9000", 280_500_000)] // 1000*6000 + 240000*600 + 9000*12000 + 1000*22500
    [InlineData("claude-opus-5-5", "in 1000, out 1000, read 900, searches 3", 50_580_000)] // 100*4000 + 900*200 + 1000*20000 + 3*10000000
    [InlineData("claude-haiku-4-5", "in 56, out 18", 146_000)] // 56*1000 + 18*5000
    [InlineData("claude-3-5-haiku-20241022", "in 100, out 100, read 25, write1h 25", 482_000)] // 50*800 + 25*80 + 25*1600 + 100*4000
    [InlineData("claude-3-haiku-20240307", "in 1, out 1, read 1", 1_280)] // 1*30 + 1*1250
    [InlineData("claude-2.1", "in 10, out 10, write1h 10", 320_000)] // 10*8000 + 10*24000 (no cache price: as input)
    public void Anthropic(string model, string counts, long nanoUsd) => Check("anthropic", model, "2026-11-24", counts, nanoUsd);

    [Theory]
    [InlineData("google", "gemini-2.5-pro", "in 200000, out 100", 251_000_000)] // 200000*1250 + 100*10000
    [InlineData("google", "gemini-2.5-pro", "in 200001, out 100", 501_502_500)] // 200001*2500 + 100*15000
    [InlineData("google", "gemini-2.5-pro", "in 250000, out 100, read 200000, think 80", 176_500_000)] // 50000*2500 + 200000*250 + 100*15000
    [InlineData("google", "gemini-2.5-flash", "in 1000, out 10, inAudio 900", 955_000)] // 100*300 + 900*1000 + 10*2500
    [InlineData("google", "gemini-2.5-flash", "in 1000, out 0, read 600, inAudio 900, readAudio 550", 421_500)] // 50*300 + 50*30 + 350*1000 + 550*100
    [InlineData("google", "gemini-1.5-flash-002", "in 128001, out 1000, read 1", 19_800_038)] // 128000*150 + 1*37.5 + 1000*600 = 19800037.5, rounded to even
    [InlineData("google", "gemini-3-pro-image-preview", "in 20, out 1500, outImage 1120", 139_000_000)] // 20*2000 + 380*12000 + 1120*120000
    [InlineData("google", "gemini-3.1-flash-live-preview", "in 400, out 100, inAudio 100, inImage 100, inVideo 100, outAudio 90", 1_700_000)] // 100*750 + 100*3000 + 100*1000 + 100*1000 + 10*4500 + 90*12000
    [InlineData("google", "gemini-embedding-2", "in 300, inAudio 100, inImage 100, inVideo 100", 1_895_000)] // 100*6500 + 100*450 + 100*12000
    [InlineData("google", "gemini-omni-flash-preview", "in 10, out 1000, outVideo 990", 17_430_000)] // 10*1500 + 10*9000 + 990*17500
    [InlineData("google", "gemma-3-27b-it", "in 1000, out 1000", 0)] // 0
    [InlineData("google", "claude-sonnet-4-5@20250929", "in 100, out 100, write1h 50", 1_837_500)] // 50*3000 + 50*3750 + 100*15000 (an hour costs what five minutes do)
    [InlineData("aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "in 1000, out 100, read 500", 3_465_000)] // 500*3300 + 500*330 + 100*16500
    [InlineData("aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "in 1000, out 100, read 500", 3_150_000)] // 500*3000 + 500*300 + 100*15000
    [InlineData("aws", "eu.amazon.nova-lite-v1:0", "in 1000, out 100, read 1", 83_955)] // 999*60 + 1*15 + 100*240
    [InlineData("aws", "amazon.nova-2-sonic-v1:0", "in 100, out 100, inAudio 90, outAudio 80", 1_288_300)] // 10*330 + 90*3000 + 20*2750 + 80*12000
    [InlineData("aws", "meta.llama3-3-70b-instruct-v1:0", "in 11, out 5", 11_520)] // 11*720 + 5*720
    [InlineData("aws", "amazon.titan-embed-text-v2:0", "in 100", 10_000)] // 100*100
    [InlineData("azure", "gpt-4o-mini", "in 120, out 34, read 64", 33_600)] // 56*150 + 64*75 + 34*600 (OpenAI's price)
    [InlineData("azure", "o4-mini", "in 100, out 10, read 50", 113_000)] // 50*1100 + 50*280 + 10*4400
    [InlineData("x-ai", "grok-4", "in 100, out 10, read 50", 337_500)] // 50*3000 + 50*750 + 10*15000
    [InlineData("x-ai", "grok-4.6", "in 200000, out 10", 800_120_000)] // 200000*4000 + 10*12000
    [InlineData("mistral", "mistral-large-latest", "in 100, out 10", 260_000)] // 100*2000 + 10*6000
    [InlineData("mistral", "mistral-embed", "in 7, out 0", 700)] // 7*100
    [InlineData("groq", "llama-3.3-70b-versatile", "in 100, out 100", 138_000)] // 100*590 + 100*790
    [InlineData("groq", "openai/gpt-oss-20b", "in 100, out 1, read 1", 7_762)] // 99*75 + 1*37.5 + 1*300 = 7762.5, rounded to even
    [InlineData("cohere", "command-r7b-12-2024", "in 1, out 1", 188)] // 1*37.5 + 1*150 = 187.5, rounded to even
    [InlineData("cohere", "command-r7b-12-2024", "in 3, out 0", 112)] // 3*37.5 = 112.5, rounded to even
    [InlineData("perplexity", "sonar", "in 10, out 10", 12_020_000)] // 10*1000 + 10*1000 + 1*12000000
    [InlineData("perplexity", "sonar-pro", "in 10, out 10, requests 2", 28_180_000)] // 10*3000 + 10*15000 + 2*14000000
    [InlineData("perplexity", "sonar-deep-research", "in 10, out 100, think 80, searches 3", 15_420_000)] // 10*2000 + 20*8000 + 80*3000 + 3*5000000
    [InlineData("openrouter", "deepseek/deepseek-r1:free", "in 100, out 100", 0)] // 0
    [InlineData("openrouter", "x-ai/grok-4-fast", "in 130000, out 100, read 30000", 41_600_000)] // 100000*400 + 30000*50 + 100*1000
    [InlineData("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "in 10, out 10", 17_600)] // 10*880 + 10*880
    [InlineData("voyageai", "voyage-3", "in 1000", 60_000)] // 1000*60
    [InlineData("moonshotai", "kimi-k3", "in 10, out 10, read 5", 166_500)] // 5*3000 + 5*300 + 10*15000
    public void Others(string provider, string model, string counts, long nanoUsd) => Check(provider, model, "2026-11-24", counts, nanoUsd);

    [Theory]
    [InlineData("openai", "o3", "2025-06-09T23:59:59Z", "in 100, out 10", 1_400_000)] // 100*10000 + 10*40000
    [InlineData("openai", "o3", "2025-06-10T00:00:00Z", "in 100, out 10", 280_000)] // 100*2000 + 10*8000
    [InlineData("openai", "o3", "2019-01-01T00:00:00Z", "in 100, out 10", 1_400_000)] // 100*10000 + 10*40000
    [InlineData("openai", "gpt-5.6-luna", "2026-07-29T23:59:59Z", "in 300000, out 10", 600_090_000)] // 300000*2000 + 10*9000
    [InlineData("openai", "gpt-5.6-luna", "2026-07-30T00:00:00Z", "in 300000, out 10", 120_018_000)] // 300000*400 + 10*1800
    [InlineData("anthropic", "claude-opus-4-6", "2026-03-12T12:00:00Z", "in 200001, out 1", 2_000_047_500)] // 200001*10000 + 1*37500
    [InlineData("anthropic", "claude-opus-4-6", "2026-03-13T12:00:00Z", "in 200001, out 1", 1_000_030_000)] // 200001*5000 + 1*25000
    [InlineData("mistral", "mistral-medium-latest", "2026-06-15T12:00:00Z", "in 100, out 1", 42_000)] // 100*400 + 1*2000
    [InlineData("mistral", "mistral-medium-latest", "2026-06-16T12:00:00Z", "in 100, out 1", 157_500)] // 100*1500 + 1*7500
    [InlineData("google", "gemini-3.8-flash", "2026-12-31T23:59:59Z", "in 100, out 10", 112_500)] // 100*750 + 10*3750
    [InlineData("google", "gemini-3.8-flash", "2027-01-01T00:00:00Z", "in 100, out 10", 225_000)] // 100*1500 + 10*7500
    [InlineData("deepseek", "deepseek-chat", "2025-05-01T00:29:59Z", "in 100, out 10, read 50", 14_000)] // 50*135 + 50*35 + 10*550
    [InlineData("deepseek", "deepseek-chat", "2025-05-01T00:30:00Z", "in 100, out 10, read 50", 28_000)] // 50*270 + 50*70 + 10*1100
    [InlineData("deepseek", "deepseek-chat", "2025-05-01T16:29:59Z", "in 100, out 10, read 50", 28_000)] // 50*270 + 50*70 + 10*1100
    [InlineData("deepseek", "deepseek-chat", "2025-05-01T16:30:00Z", "in 100, out 10, read 50", 14_000)] // 50*135 + 50*35 + 10*550
    [InlineData("deepseek", "deepseek-v4-pro", "2026-08-16T02:00:00Z", "in 1000, out 0, read 999", 4_056)] // 1*435 + 999*3.625 = 4056.375
    [InlineData("deepseek", "deepseek-v4-pro", "2026-08-17T00:59:00Z", "in 1000, out 0, read 999", 22_638)] // 1*660 + 999*22
    [InlineData("deepseek", "deepseek-v4-pro", "2026-08-17T01:00:00Z", "in 1000, out 0, read 999", 45_276)] // 1*1320 + 999*44
    [InlineData("deepseek", "deepseek-v4-pro", "2026-08-18T05:00:00Z", "in 1000, out 0, read 999", 22_638)] // 1*660 + 999*22
    [InlineData("deepseek", "deepseek-v4-pro", "2026-08-18T09:59:59Z", "in 1000, out 0, read 999", 45_276)] // 1*1320 + 999*44
    public void OverTime(string provider, string model, string at, string counts, long nanoUsd) => Check(provider, model, at, counts, nanoUsd);

    private static void Check(string provider, string model, string at, string counts, long nanoUsd)
    {
        var usage = Counts(counts);
        var cost = PriceBook.Default.Price(provider, model, At(at), usage);
        Assert.Equal((nanoUsd, CostSource.Computed, CostNote.None), (cost.NanoUsd!.Value, cost.Source, cost.Note));
        var lines = PriceBook.Default.Find(provider, model, At(at))!.Explain(usage);
        Assert.Equal(nanoUsd, decimal.ToInt64(decimal.Round(lines.Sum(line => line.NanoUsd), MidpointRounding.ToEven)));
    }
}
