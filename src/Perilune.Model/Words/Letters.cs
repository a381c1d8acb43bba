using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Perilune.Model.Words;

/// <summary>What a character is to text search.</summary>
internal enum LetterKind
{
    /// <summary>Stands between words.</summary>
    Separator,

    /// <summary>Is not there: an accent, a vowel point, a joiner.</summary>
    Ignored,

    /// <summary>Part of a word.</summary>
    Letter,

    /// <summary>A word of its own: scripts that put no blanks between words, and emoji.</summary>
    Single,
}

/// <summary>
/// Sorts characters and folds them: lower case, no accents, full width to half width. Made of tables that come with the
/// runtime and not of the machine's ICU, so that an index and its readers agree.
/// </summary>
internal static class Letters
{
    // A letter, and the lower-case letters that are it with accents (U+0300 to U+036F) by Unicode's canonical decomposition.
    private static readonly string[] Accented =
    [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", "bḃḅḇ", "cçćĉċčḉ", "dďḋḍḏḑḓ", "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ", "fḟ", "gĝğġģǧǵḡ", "hĥȟḣḥḧḩḫẖ",
        "iìíîïĩīĭįǐȉȋḭḯỉị", "jĵǰ", "kķǩḱḳḵ", "lĺļľḷḹḻḽ", "mḿṁṃ", "nñńņňǹṅṇṉṋ", "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ", "pṕṗ", "rŕŗřȑȓṙṛṝṟ",
        "sśŝşšșṡṣṥṧṩ", "tţťțṫṭṯṱẗ", "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", "vṽṿ", "wŵẁẃẅẇẉẘ", "xẋẍ", "yýÿŷȳẏẙỳỵỷỹ", "zźżžẑẓẕ", "æǣǽ", "øǿ", "ʒǯ",
        "αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ", "εέἐἑἒἓἔἕὲέ", "ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ", "ιΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ", "οόὀὁὂὃὄὅὸό", "ρῤῥ", "σς",
        "υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ", "ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ", "аӑӓ", "гѓ", "еѐёӗ", "жӂӝ", "зӟ", "ийѝӣӥ", "кќ", "оӧ", "уўӯӱӳ", "чӵ", "ыӹ", "эӭ",
        "ії", "ѵѷ", "әӛ", "өӫ",
    ];

    private static readonly FrozenDictionary<int, int> Bases = Accented
        .SelectMany(letters => letters.Skip(1), (letters, letter) => KeyValuePair.Create((int)letter, (int)letters[0]))
        .ToFrozenDictionary();

    // Scripts written without blanks between words, by first and last code point; Hangul because its particles cling to words.
    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), // Thai, Lao
        (0x1000, 0x109F), // Myanmar
        (0x1780, 0x17FF), // Khmer
        (0x2600, 0x27BF), // signs and dingbats
        (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF), // ideographic marks, Kana
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), // Han
        (0xAC00, 0xD7A3), // Hangul syllables
        (0xF900, 0xFAFF), // Han
        (0xFF66, 0xFF9F), // Kana of half width
        (0x1B000, 0x1B16F), // old Kana
        (0x1F300, 0x1FAFF), // emoji
        (0x20000, 0x3FFFF), // Han
    ];

    // The folded character, 0 for what is no part of a word.
    private static readonly byte[] Ascii = [.. Enumerable.Range(0, 128).Select(c => char.IsAsciiLetterOrDigit((char)c) ? (byte)char.ToLowerInvariant((char)c) : (byte)0)];

    /// <summary>The folded form of an ASCII letter or digit, else 0.</summary>
    public static char OfAscii(char c) => (char)Ascii[c];

    public static LetterKind Of(Rune rune, out Rune folded)
    {
        folded = rune;
        var code = rune.Value;
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
                UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or
                UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.SpacingCombiningMark:
                folded = Fold(rune);
                return IsUnspaced(code) ? LetterKind.Single : LetterKind.Letter;

            // Vowels of the scripts of South and South East Asia; elsewhere accents and points.
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                return code is < 0x0900 or >= 0x1AB0 ? LetterKind.Ignored : IsUnspaced(code) ? LetterKind.Single : LetterKind.Letter;
            case UnicodeCategory.Format:
                return LetterKind.Ignored;
            case UnicodeCategory.OtherSymbol:
                return IsUnspaced(code) ? LetterKind.Single : LetterKind.Separator;
            default:
                return LetterKind.Separator;
        }
    }

    private static Rune Fold(Rune rune)
    {
        var code = rune.Value switch
        {
            >= 0xFF10 and <= 0xFF5A => rune.Value - 0xFEE0,
            0x0130 => 'i',
            _ => rune.Value,
        };
        var lower = Rune.ToLowerInvariant(new Rune(code));
        return Bases.TryGetValue(lower.Value, out var letter) ? new Rune(letter) : lower;
    }

    private static bool IsUnspaced(int code)
    {
        foreach (var (first, last) in Unspaced)
        {
            if (code <= last)
            {
                return code >= first;
            }
        }

        return false;
    }
}
