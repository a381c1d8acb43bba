using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Perilune.Storage.Sqlite.Bodies;
using ZstdSharp;

namespace Perilune.Storage.Tests;

public sealed class BodyCodecTests
{
    private static readonly byte[] s_message = Encoding.UTF8.GetBytes("""{"role":"assistant","content":"The order will be delivered on Thursday, as you asked."}""");

    [Fact]
    public void What_is_encoded_is_decoded() => Gen.Byte.Array[0, 2000].Sample(body => Assert.Equal(body, BodyCodec.Decode(BodyCodec.Encode(body))));

    [Fact]
    public void Short_messages_get_smaller() => Assert.True(BodyCodec.Encode(s_message).Length < s_message.Length * 2 / 3);

    [Fact]
    public void Bodies_from_before_the_dictionary_are_decoded()
    {
        using var compressor = new Compressor(3);
        Assert.Equal(s_message, BodyCodec.Decode([1, .. compressor.Wrap(s_message)]));
    }

    [Fact]
    public void A_codec_that_is_not_known_is_named() =>
        Assert.Contains("codec 9", Assert.Throws<InvalidDataException>(() => BodyCodec.Decode([9, 1, 2])).Message, StringComparison.Ordinal);

    /// <summary>Bodies cannot be read with any other: a better one is another file and another codec.</summary>
    [Fact]
    public void The_dictionary_never_changes()
    {
        using var stream = typeof(BodyCodec).Assembly.GetManifestResourceStream("Perilune.Storage.bodies.1.dict")!;
        Assert.Equal("43997c2cae55a09f07c7ae8bdf0e8846f82572bf9877edc721b2bd22f5c3b57f", Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
