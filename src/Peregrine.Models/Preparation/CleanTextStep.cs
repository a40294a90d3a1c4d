using System.Text;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>How <see cref="CleanTextStep"/> changes letters. ASCII letters only, so the result depends on no culture.</summary>
public enum LetterCase
{
    Keep,
    Lower,
    Upper,
}

/// <summary>Trims blanks, settles the case, and makes given words missing. Words are compared after trimming and casing.</summary>
public sealed record CleanTextStep : PreparationStep
{
    public required string Field { get; init; }

    public bool Trim { get; set; } = true;

    public LetterCase Case { get; init; }

    /// <summary>Words that mean "not known", such as <c>n/a</c>.</summary>
    public IReadOnlyList<string> MissingWords { get; set; } = [];

    public override IEnumerable<string> ReadFields() => [Field];

    public override IEnumerable<string> WrittenFields() => [Field];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var slot = scope.Find("cleanText", Field, FieldKind.Text);
        return new Compiled(slot, Trim, Case, new Utf8Table(MissingWords.Distinct(StringComparer.Ordinal)));
    }

    private sealed class Compiled(int slot, bool trim, LetterCase letters, Utf8Table missing) : CompiledStep
    {
        private const int LongestOnStack = 512;

        public override void Apply(TypedRecord record)
        {
            if (!record.TryGetText(slot, out var text)) return;
            Span<byte> copy = text.Length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[text.Length];
            text.CopyTo(copy);
            var clean = copy[..text.Length];
            if (trim) clean = clean.Trim(" \t\r\n\v\f"u8);
            if (letters == LetterCase.Lower) Ascii.ToLowerInPlace(clean, out _);
            if (letters == LetterCase.Upper) Ascii.ToUpperInPlace(clean, out _);
            if (clean.IsEmpty || missing.IndexOf(clean) >= 0) record.SetMissing(slot);
            else if (!clean.SequenceEqual(text)) record.SetText(slot, clean);
        }
    }
}
