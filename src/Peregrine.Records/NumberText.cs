using System.Globalization;

namespace Peregrine.Records;

/// <summary>
/// The text of a double: the shortest that reads back to the same bits, in the form of the framework's invariant culture. The framework's own text of some powers of two, 2^-25 for one,
/// reads back to their neighbour; this one does not.
/// </summary>
public static class NumberText
{
    /// <summary>Bytes that <see cref="Write"/> may need.</summary>
    public const int Longest = 32;

    /// <param name="value">Finite, where the text is to be JSON.</param>
    /// <param name="destination">At least <see cref="Longest"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(double value, Span<byte> destination)
    {
        if (ShortDecimal.TryFormat(value, destination, out var written) || ShortestDecimal.TryFormat(value, destination, out written)) return written;
        value.TryFormat(destination, out written, default, CultureInfo.InvariantCulture);
        return written;
    }
}
