using CsCheck;
using Perilune.Model.Merging;

namespace Perilune.Model.Tests.Merging;

public sealed class JsonPatchesTests
{
    private static JsonPatch Patch(long time, string json, bool replaces = false) =>
        new(new Stamp(false, true, new Instant(time), RunEventKind.Start, (uint)HashCode.Combine(json, replaces)), RawJson.Parse(json), replaces);

    private static string Merge(params JsonPatch[] patches)
    {
        var merged = new JsonPatches();
        Array.ForEach(patches, merged.Add);
        return merged.Merged.ToString();
    }

    [Fact]
    public void One_patch_is_returned_byte_for_byte() =>
        Assert.Equal("""{ "a" : 1.50, "a":2, "\ud800": null }""", Merge(Patch(1, """{ "a" : 1.50, "a":2, "\ud800": null }""")));

    [Fact]
    public void Per_key_the_later_wins_and_nothing_is_wiped() =>
        Assert.Equal("""{"b":{"x":1},"a":3,"c":null}""", Merge(Patch(2, """{"a":3,"c":null}"""), Patch(1, """{"a":1,"b":{"x":1}}""")));

    [Fact]
    public void A_replacement_hides_what_came_before_it() =>
        Assert.Equal("""{"c":1,"d":2}""", Merge(Patch(3, """{"d":2}"""), Patch(1, """{"a":1}"""), Patch(2, """{"c":1}""", replaces: true)));

    [Fact]
    public void Null_clears_everything_before_it() =>
        Assert.Equal("null", Merge(Patch(1, """{"thumb":"up"}"""), Patch(2, "null")));

    private static readonly Gen<JsonPatch> AnyPatch = Gen.Select(
        Gen.Long[0, 12],
        Gen.OneOf("null", "[1]", "{}", """{"a":1}""", """{"a":2,"b":1}""", """{"b":{"c":1}}""", """{"c":null,"a":"x"}"""),
        Gen.Int[0, 5]).Select((time, json, replaces) => Patch(time, json, replaces == 0));

    [Fact]
    public void Order_and_repetition_play_no_part() => Gen.Select(AnyPatch.List[0, 8], Gen.Int).Sample((patches, seed) =>
    {
        var random = new Random(seed);
        var again = patches.Concat(patches.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next());
        Assert.Equal(Merge([.. patches]), Merge([.. again]));
    });
}
