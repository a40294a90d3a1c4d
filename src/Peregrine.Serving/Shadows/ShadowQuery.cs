using System.Buffers;
using System.Numerics;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>A copy of one request, or of a part of a stream, and of its answer, in pooled memory.</summary>
/// <param name="Chosen">Bit i: the service's shadow i gets it.</param>
/// <param name="Rows">Records in it.</param>
/// <param name="AnsweredMicroseconds">How long the answer took; for a part of a stream from its first record to the sending of its results.</param>
/// <param name="AnswerLength">Bytes of the answer behind the body; 0 where the results stand with the records.</param>
internal readonly record struct ShadowQuery(
    ServiceSnapshot Service, LoadedEndpoint Primary, ulong Chosen, ShadowForm Form, int Rows, Caller Caller, long AnsweredMicroseconds, byte[] Buffer, int BodyLength, int AnswerLength)
{
    public int Bytes => BodyLength + AnswerLength;

    /// <summary>Records by the shadows that are to get them.</summary>
    public long Records => (long)Rows * BitOperations.PopCount(Chosen);

    public ReadOnlySpan<byte> Body => Buffer.AsSpan(0, BodyLength);

    public ReadOnlySpan<byte> Answer => Buffer.AsSpan(BodyLength, AnswerLength);

    public void Release() => ArrayPool<byte>.Shared.Return(Buffer);
}
