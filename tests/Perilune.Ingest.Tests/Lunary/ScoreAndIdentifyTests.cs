using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

public sealed class ScoreAndIdentifyTests
{
    [Theory]
    [InlineData("0.92")]
    [InlineData("\"good\"")]
    [InlineData("true")]
    public void A_score_has_a_label_a_value_and_perhaps_a_comment(string value)
    {
        var e = Fixture.One($$$"""{"event":"score","runId":"a","score":{"value":{{{value}}},"label":"faithfulness","comment":"cites"}}""");

        Assert.Equal((RunEventKind.Score, Fixture.Id("a")), (e.Kind, e.Id));
        Assert.Equal(("faithfulness", value, "cites"), (e.Score!.Label, e.Score.Value.ToString(), e.Score.Comment));
    }

    [Fact]
    public void Whatever_is_said_of_a_user_is_about_one_id_and_makes_no_run()
    {
        var first = Fixture.One("""{"event":"identify","userId":"u42","userProps":{"plan":"pro"}}""");
        var second = Fixture.One("""{"event":"identify","userId":"u42","runId":"ignored","userProps":{"plan":"free"}}""");

        Assert.Equal((RunEventKind.Edit, "u42", """{"plan":"pro"}"""), (first.Kind, first.UserId, first.UserProps.ToString()));
        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, Fixture.One("""{"event":"identify","userId":"u43"}""").Id);
    }
}
