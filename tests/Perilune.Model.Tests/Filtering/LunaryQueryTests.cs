using Perilune.Model.Filtering;

namespace Perilune.Model.Tests.Filtering;

public sealed class LunaryQueryTests
{
    [Theory]
    [InlineData("?limit=50&page=2&sortField=cost", "")]
    [InlineData("models=gpt-4%252E1,o3", "name:gpt-4.1,o3")]
    [InlineData("models=gpt-4.1", "name:gpt-4.1")]
    [InlineData("models=a%252Cb%2Cc", "name:\"a,b\",c")]
    [InlineData("tags=a*b", "tag:\"a*b\"")]
    [InlineData("OR&tags=x&status=error", "tag:x OR status:error")]
    [InlineData("tools=search", "type:tool name~search")]
    [InlineData("custom-events=opened", "type:custom-event name:opened")]
    [InlineData("templates=12,13", "template:12,13")]
    [InlineData("users=u_42", "user:u_42")]
    [InlineData("feedback=%257B%2522thumb%2522%253A%2522up%2522%257D", "feedback.thumb:up")]
    [InlineData("feedback=%257B%2522comment%2522%253A%2522%2522%257D", "has:feedback.comment")]
    [InlineData("metadata=tier.pro%2Eplus", "meta.tier:pro.plus")]
    [InlineData("user-props=plan.pro%2Eplus", "prop.plan:pro.plus")]
    [InlineData("user-props=plan", "has:prop.plan")]
    [InlineData("messages=gte.10", "messages>=10")]
    [InlineData("date=gte.2026-11-01T00%3A00%3A00%2E000Z", "start>=2026-11-01")]
    [InlineData("duration=gt.1%2E5&cost=lte.0.5", "duration>1.5s cost<=0.5")]
    [InlineData("tokens=completion.gt.100&tokens=total.neq.5", "output_tokens>100 -tokens:5")]
    [InlineData("search=two%20words", "\"two words\"*")]
    [InlineData("search=two+words", "\"two words\"*")]
    [InlineData("string=output.contains.false.so%2Ery", "output_matches:\"(?si)so\\\\.ry\"")]
    [InlineData("string=any.startswith.true.Hi", "input_matches:\"(?s)^Hi\" OR output_matches:\"(?s)^Hi\"")]
    [InlineData("length=output.gt.100", "output_length>100")]
    [InlineData("regex=input.contains.%5Cd%2B", "input_matches:\"\\\\d+\"")]
    [InlineData("regex=input.notcontains.x", "-input_matches:x")]
    [InlineData("topics=a&languages=en", "-*")]
    [InlineData("tags=null&models=", "")]
    public void Reads_as(string query, string canonical)
    {
        var result = LunaryQuery.Parse(query);
        Assert.Empty(result.Errors);
        Assert.Equal(canonical, FilterText.Print(result.Filter!));
    }

    [Fact]
    public void Type_is_told_apart_because_it_names_a_scope() =>
        Assert.Equal(("trace", Filter.All), (LunaryQuery.Parse("type=trace").Type, LunaryQuery.Parse("type=trace").Filter));

    [Theory]
    [InlineData("tone=polite", "tone", "\"tone\" judges an answer in an evaluation; it does not filter runs. Remove the parameter.")]
    [InlineData("string=everywhere.contains.true.x", "string", "\"everywhere\" is not known. Use input, output or any.")]
    [InlineData("regex=input.(%3F%3D", "regex", "\"(?=\" is not a regular expression that can be searched with. Use at most 500 characters, and neither lookarounds nor back references.")]
    [InlineData("cost=over.5", "cost", "The operator \"over\" is not known. Use eq, neq, gt, gte, lt or lte.")]
    [InlineData("cost=gt.cheap", "cost", "\"cheap\" is not a number.")]
    [InlineData("tokens=spare.gt.5", "tokens", "There are no \"spare\" tokens. Use total, prompt or completion, as in tokens=total.gt.100")]
    [InlineData("feedback=up", "feedback", "\"up\" is not a feedback. Send JSON such as {\"thumb\":\"up\"}.")]
    public void Says_what_it_cannot_do(string query, string parameter, string message)
    {
        var result = LunaryQuery.Parse(query);
        Assert.Null(result.Filter);
        Assert.Equal(new LunaryQueryError(parameter, message), result.Errors.Single());
    }
}
