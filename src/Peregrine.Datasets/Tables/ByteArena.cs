namespace Peregrine.Datasets.Tables;

/// <summary>Growth of a byte array that only ever gets longer.</summary>
internal static class ByteArena
{
    /// <summary>Makes room for <paramref name="length"/> bytes behind the first <paramref name="used"/>.</summary>
    /// <exception cref="DatasetException">The column passes what one array can hold.</exception>
    public static void Ensure(ref byte[] bytes, int used, int length)
    {
        var needed = (long)used + length;
        if (needed <= bytes.Length) return;
        if (needed > Array.MaxLength)
            throw new DatasetException(
                DatasetErrorCode.TooLarge, "A text column holds more than 2 GB.", "Leave the long text column out of the file.");
        Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, bytes.LongLength * 2)));
    }
}
