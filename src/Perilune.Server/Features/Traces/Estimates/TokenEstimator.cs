using System.Text.Json;
using Microsoft.ML.Tokenizers;
using Perilune.Model;

namespace Perilune.Server.Features.Traces.Estimates;

/// <summary>Counts the tokens of calls whose clients gave none: streams without usage, spans that lost attributes.</summary>
/// <remarks>
/// Nobody's answer to an event waits for it: a call is counted when somebody looks at it. The frame around messages is
/// that of OpenAI's chat models (OpenAI Cookbook, "How to count tokens with tiktoken", section 6).
/// </remarks>
internal sealed class TokenEstimator
{
    private const int TokensPerMessage = 3;
    private const int TokensPerRole = 1;
    private const int TokensPerName = 1;
    private const int TokensBeforeAnswer = 3;

    /// <summary>Characters of one payload that are counted, so that a page does not wait for long; longer ones are counted in proportion.</summary>
    private const int MaxCounted = 400_000;

    /// <summary>Characters counted at a time: the work of merging grows with the square of what has no space in it.</summary>
    private const int Slice = 1_000;

    private static readonly string[] s_o200k = ["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-oss", "chatgpt-4o", "o1", "o3", "o4", "codex-"];
    private static readonly string[] s_cl100k = ["gpt-4", "gpt-3.5", "gpt-35", "text-embedding-"];

    private readonly Lazy<Tokenizer> _o200k = new(static () => TiktokenTokenizer.CreateForEncoding("o200k_base"));
    private readonly Lazy<Tokenizer> _cl100k = new(static () => TiktokenTokenizer.CreateForEncoding("cl100k_base"));

    /// <summary>Whether the client left out what it is to be estimated from: a finished call without its tokens.</summary>
    public static bool IsMissing(Run run) =>
        RunTypes.IsModelCall(run.Type) && run.Status is not RunStatus.Running &&
        ((run.Usage?.Input is null && run.Input.HasValue) || (run.Usage?.Output is null && run.Output.HasValue));

    /// <summary>The tokens of a run with its payloads; null when its client gave them, or when there is no text.</summary>
    public UsageEstimate? Estimate(Run run)
    {
        if (!IsMissing(run))
        {
            return null;
        }

        var (name, isOwn) = EncodingOf(run.ServedModel ?? run.Name);
        var tokenizer = name == "cl100k_base" ? _cl100k.Value : _o200k.Value;
        var input = run.Usage?.Input ?? Input(tokenizer, run);
        var output = run.Usage?.Output ?? (PromptTexts.Of(run.Output.Span) is { Texts.Count: > 0 } said ? Count(tokenizer, said.Texts) : null);
        return input is null && output is null ? null : new UsageEstimate((run.Usage ?? new Model.Usage(null, null)) with { Input = input, Output = output }, name, isOwn);
    }

    private static (string Name, bool IsOwn) EncodingOf(string? model)
    {
        var plain = model is null ? "" : model[(model.LastIndexOf('/') + 1)..];
        return s_o200k.Any(StartsPlain) ? ("o200k_base", true) : s_cl100k.Any(StartsPlain) ? ("cl100k_base", true) : ("o200k_base", false);

        bool StartsPlain(string start) => plain.StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }

    private static long? Input(Tokenizer tokenizer, Run run)
    {
        var asked = PromptTexts.Of(run.Input.Span);
        if (asked.Texts.Count == 0)
        {
            return null;
        }

        var frame = asked.Messages == 0 ? 0 : (asked.Messages * (TokensPerMessage + TokensPerRole)) + (asked.Names * TokensPerName) + TokensBeforeAnswer;
        return Count(tokenizer, asked.Texts) + frame + Tools(tokenizer, run.Params);
    }

    /// <summary>Definitions of tools are read by the model, too; in which form is the provider's secret, so that their JSON is counted.</summary>
    private static long Tools(Tokenizer tokenizer, RawJson parameters)
    {
        if (!parameters.IsObject)
        {
            return 0;
        }

        try
        {
            using var document = JsonDocument.Parse(parameters.Utf8);
            return document.RootElement.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? Count(tokenizer, [tools.GetRawText()]) : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static long Count(Tokenizer tokenizer, IReadOnlyCollection<string> texts)
    {
        var (tokens, counted, all) = (0L, 0L, texts.Sum(static t => (long)t.Length));
        foreach (var text in texts)
        {
            for (var at = 0; at < text.Length && counted < MaxCounted; at += Slice)
            {
                var slice = text.AsSpan(at, Math.Min(Slice, text.Length - at));
                tokens += tokenizer.CountTokens(slice);
                counted += slice.Length;
            }
        }

        return counted == 0 ? 0 : (long)Math.Round((double)tokens / counted * all);
    }
}
