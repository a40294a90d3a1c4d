using System.Buffers;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Coding;

/// <summary>Unpacks the body of a request.</summary>
internal static class PackedBody
{
    /// <param name="maxBody">Bytes that the body may have when it is unpacked.</param>
    /// <param name="bytes">Rented; to be given back when there is no error.</param>
    /// <returns>Why it cannot be unpacked, or null.</returns>
    public static ApiError? Unpack(in ReadOnlySequence<byte> packed, string coding, int maxBody, out byte[] bytes, out int length)
    {
        (bytes, length) = ([], 0);
        using var whole = new ContiguousBody(packed);
        try
        {
            (var unpacked, length) = BodyCoding.Decode(whole.Span, coding, maxBody);
            if (unpacked is null) return PredictionFaults.TooLarge(maxBody);
            bytes = unpacked;
            return null;
        }
        catch (InvalidDataException)
        {
            return CodingFaults.NotOf(coding);
        }
    }
}
