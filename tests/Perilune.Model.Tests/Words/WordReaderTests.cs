using CsCheck;
using Perilune.Model.Filtering;
using Perilune.Model.Words;

namespace Perilune.Model.Tests.Words;

public sealed class WordReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" -> !? ", "")]
    [InlineData("Hello, World!", "hello world")]
    [InlineData("overdue-invoice gpt-4.1 search_flights", "overdue invoice gpt 4 1 search flights")]
    [InlineData("Zürich ZU\u0308RICH zurich", "zurich zurich zurich")]
    [InlineData("Ёжик Ταξίδι ΤΑΞΊΔΙΣ", "ежик ταξιδι ταξιδισ")]
    [InlineData("İstanbul Straße", "istanbul straße")]
    [InlineData("ＦＵＬＬ１２", "full12")]
    [InlineData("退款政策 refund政策", "退 款 政 策 refund 政 策")]
    [InlineData("カタカナ 환불", "カ タ カ ナ 환 불")]
    [InlineData("हिन्दी में", "हिन्दी में")]
    [InlineData("शি", "शি")]
    [InlineData("שָׁלוֹם مُحَمَّد", "שלום محمد")]
    [InlineData("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth")]
    [InlineData("good 👍🏽 job👎", "good 👍 job 👎")]
    [InlineData("lone \ud800half", "lone half")]
    public void Cuts_and_folds(string text, string words) => Assert.Equal(words, Phrase.Of(text, isPrefix: false).ToString());

    [Fact]
    public void Of_a_long_word_the_beginning_counts()
    {
        var phrase = Phrase.Of(new string('x', 100) + " y", isPrefix: false);
        Assert.Equal(new string('x', 64) + " y", phrase.ToString());
        Assert.NotNull(phrase.Find(new string('X', 64) + "-y"));
    }

    [Fact]
    public void Encoded_data_has_no_words()
    {
        var image = string.Concat(Enumerable.Range(0, 400).Select(i => (char)('a' + (i * 7 % 26)) + (i % 9 == 0 ? "/" : "")));
        Assert.Equal("see data image png base64 and that", Phrase.Of($"See data:image/png;base64,{image} and that", isPrefix: false).ToString());
        Assert.Equal(128, Phrase.Of(string.Concat(Enumerable.Repeat("a-", 128)), isPrefix: false).Words.Count);
        Assert.Empty(Phrase.Of(string.Concat(Enumerable.Repeat("a-", 129)), isPrefix: false).Words);
    }

    [Theory]
    [InlineData("the overdue invoice", "overdue invoice", "4..19")]
    [InlineData("an an an end", "an an end", "3..12")]
    [InlineData("a b a b c", "a b c", "4..9")]
    [InlineData("overdue, the invoice", "overdue invoice", null)]
    [InlineData("Überfällig.", "uberfallig", "0..10")]
    public void Finds_where_it_stands(string text, string phrase, string? at) => Assert.Equal(at, Phrase.Of(phrase, isPrefix: false).Find(text)?.ToString());

    [Theory]
    [InlineData("request timeout", "timeou", true)]
    [InlineData("request timeout", "request time", true)]
    [InlineData("requests timeout", "request time", false)]
    [InlineData("gpt-5", "gpt-", true)]
    [InlineData("gptx-5", "gpt-", false)]
    public void A_prefix_may_go_on(string text, string prefix, bool expected) => Assert.Equal(expected, Phrase.Of(prefix, isPrefix: true).Find(text) is not null);

    [Fact]
    public void Words_are_their_own_words_and_a_text_says_what_it_says() => Gen.Char.Array[0, 40].Select(chars => new string(chars)).Sample(
        text =>
        {
            var phrase = Phrase.Of(text, isPrefix: false);
            Assert.Equal(phrase.Words, Phrase.Of(phrase.ToString(), isPrefix: false).Words);
            Assert.Equal(phrase.IsEmpty, phrase.Find(text) is null);
            Assert.All(phrase.Words, word => Assert.DoesNotContain(word, c => char.IsAscii(c) && !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)));
        },
        iter: 20_000);

    [Fact]
    public void Of_a_vector_the_first_numbers_are_searched()
    {
        var vector = System.Text.Encoding.UTF8.GetBytes($"[{string.Join(", ", Enumerable.Range(100, 40))}, \"x\", 777]");
        Assert.True(PayloadText.Says(vector, Phrase.Of("131", isPrefix: false)));
        Assert.False(PayloadText.Says(vector, Phrase.Of("132", isPrefix: false)));
        Assert.True(PayloadText.Says(vector, Phrase.Of("777", isPrefix: false)));
    }
}
