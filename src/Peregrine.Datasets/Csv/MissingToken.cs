namespace Peregrine.Datasets.Csv;

/// <summary>Words that stand for a missing value in columns of numbers.</summary>
internal static class MissingToken
{
    public static bool Is(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        1 => cell[0] is (byte)'-' or (byte)'?',
        2 => System.Text.Ascii.EqualsIgnoreCase(cell, "NA"u8),
        3 => System.Text.Ascii.EqualsIgnoreCase(cell, "N/A"u8) || System.Text.Ascii.EqualsIgnoreCase(cell, "NaN"u8),
        4 => System.Text.Ascii.EqualsIgnoreCase(cell, "null"u8) || System.Text.Ascii.EqualsIgnoreCase(cell, "none"u8)
            || System.Text.Ascii.EqualsIgnoreCase(cell, "#N/A"u8),
        _ => false,
    };
}
