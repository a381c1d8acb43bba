using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Tests.Dashboard;

public sealed class MediaReferenceTests
{
    private const string Png = "@@@langfuseMedia:type=image/png|id=a3-k_1|source=base64_data_uri@@@";
    private const string Pdf = "@@@langfuseMedia:type=application/pdf|id=zz|source=file@@@";

    [Theory]
    [InlineData("See " + Png + " and " + Pdf, "See |image/png a3-k_1| and |application/pdf zz")]
    [InlineData(Png + Png, "image/png a3-k_1|image/png a3-k_1")]
    [InlineData("@@@langfuseMedia:type=x|id=@@@" + Pdf, "@@@langfuseMedia:type=x|id=@@@|application/pdf zz")]
    public void Cuts_a_text_where_media_were(string text, string expected)
    {
        Assert.True(MediaReference.IsIn(text));
        var parts = MediaReference.Split(new Clip(text, 0));
        Assert.Equal(expected, string.Join('|', parts.Select(part => part is MediaPart medium ? $"{medium.Type} {medium.Id}" : ((TextPart)part).Text.Text)));
        Assert.DoesNotContain(parts.OfType<TextPart>(), part => MediaReference.IsIn(part.Text.Text));
    }

    [Fact]
    public void Leaves_other_texts_alone()
    {
        Assert.False(MediaReference.IsIn("@@@langfuseMedia:type=image/png|id=<b>|source=x@@@"));
        Assert.Null(MediaReference.Read("a " + Png));
        Assert.Null(MediaReference.Read(Png + "\n"));
        Assert.Equal("Hello @@@", MediaReference.InWords("Hello @@@"));
    }

    [Fact]
    public void Is_said_in_a_line()
    {
        var input = RawJson.Parse($$"""[{"role":"user","content":"What is {{Png}}, and {{Pdf}}?"}]""");
        Assert.Equal("What is [image], and [file]?", Preview.OfInput(input));
    }

    [Fact]
    public void Is_found_wherever_a_payload_has_it()
    {
        var nested = RawJson.Parse($$"""{"a":["{\"b\":\"{{Png.Replace("/", "\\/", StringComparison.Ordinal)}}\"}"],"@@@langfuseMedia:":1}""");
        Assert.Equal(["a3-k_1", "zz"], MediaReference.In(nested, default, RawJson.Parse($"\"{Pdf}{Pdf}\"")));
    }
}
