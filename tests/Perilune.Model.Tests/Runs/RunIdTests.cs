using CsCheck;

namespace Perilune.Model.Tests.Runs;

public sealed class RunIdTests
{
    [Fact]
    public void A_uuid_is_taken_as_it_is() =>
        Assert.Equal("cf34d475-77bb-4738-f3d3-b9ed39ea6f62", RunId.FromClient("CF34D475-77bb-4738-f3d3-b9ed39ea6f62").ToString());

    // The digits of sha256sum, cut to 16 bytes, with version 4 and variant a set.
    [Theory]
    [InlineData("abc", "ba7816bf-8f01-4fea-a141-40de5dae2223")]
    [InlineData("", "e3b0c442-98fc-4c14-aafb-f4c8996fb924")]
    public void Other_strings_are_hashed_as_lunary_does(string clientId, string expected) =>
        Assert.Equal(expected, RunId.FromClient(clientId).ToString());

    [Fact]
    public void A_string_of_36_characters_that_is_no_uuid_is_hashed() =>
        Assert.NotEqual(RunId.None, RunId.FromClient("zzzzzzzz-77bb-4738-f3d3-b9ed39ea6f62"));

    // sha256("abc") = ba7816bf8f01cfea414140de5dae2223…: the Python SDK keeps the first 32 digits as they are.
    [Fact]
    public void The_python_form_has_no_version_digits() =>
        Assert.Equal("ba7816bf-8f01-cfea-4141-40de5dae2223", RunId.FromPython("ab", "c").ToString());

    // The digits of: printf otlp5b8efff798038103d269b633813fc60ceee19b7ec3c1b174 with the hexadecimal as bytes | sha256sum
    [Theory]
    [InlineData("5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174")]
    [InlineData("5B8EFFF798038103D269B633813FC60C-EEE19B7EC3C1B174")]
    public void A_span_is_found_by_the_ids_it_has_elsewhere(string clientId) =>
        Assert.Equal("84ede655-d061-9e7b-23e7-1ff63d858446", RunId.FromClient(clientId).ToString());

    [Fact]
    public void Text_and_bytes_come_back() => Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) =>
    {
        var id = new RunId(high, low);
        Assert.Equal(id, RunId.FromClient(id.ToString()));
        Assert.Equal(id, RunId.FromBytes(id.ToByteArray()));
    });
}
