using System.Text.Json;
using CsCheck;

namespace Perilune.Model.Tests.Filtering;

internal static class RunGen
{
    private static readonly Gen<string> Word = Gen.OneOf("", "a", "B", "ab", "a b", "gpt-4.1", "5", "*", "\\", "a.b", "é", "null");

    private static readonly Gen<RawJson> Json = Gen.OneOf(
        Gen.Const(default(RawJson)), Gen.Const(RawJson.Null), Gen.Const(RawJson.Parse("{}")),
        Word.Select(RawJson.OfString),
        Gen.Select(Word, Word, (key, value) => RawJson.Parse($$$"""{ {{{Quoted(key)}}}:{{{Quoted(value)}}}, "a":{"b":[1,5.0,true,null]} }""")));

    public static readonly Gen<Run> Any = Gen.Select(Json, Json, Word, Gen.Int[0, 4], Gen.Long[0, 5_000_000_000], Word.List[0, 2], Gen.Null(Word)).Select(
        (input, metadata, name, status, number, tags, user) => new Run
        {
            Id = new RunId(1, (ulong)number),
            TraceId = new RunId(1, 1),
            Type = name,
            Name = name,
            Status = (RunStatus)status,
            Start = new Instant(number),
            ListedAt = new Instant(number),
            End = number % 2 == 0 ? new Instant(number * 2) : null,
            Input = input,
            Error = input,
            Metadata = metadata,
            Feedback = metadata,
            Scores = [new Score("a", RawJson.Parse("5"), null)],
            Cost = number % 3 == 0 ? number : null,
            Usage = number % 5 == 0 ? null : new Usage(number % 100, null),
            EffectiveTags = TagList.Of(tags),
            User = new Attribution(user, user),
            Provider = user,
            Environment = new Attribution(null, name),
            FinishReasons = tags,
            Attributes = input,
            Resource = metadata,
        });

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
