using System.Buffers;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>A copy of one request and of its answer, in pooled memory.</summary>
/// <param name="Chosen">Bit i: the service's shadow i gets it.</param>
/// <param name="AnsweredMicroseconds">How long the answer took.</param>
internal readonly record struct ShadowQuery(
    ServiceSnapshot Service, LoadedEndpoint Primary, ulong Chosen, bool Many, Caller Caller, long AnsweredMicroseconds, byte[] Buffer, int BodyLength, int AnswerLength)
{
    public int Bytes => BodyLength + AnswerLength;

    public ReadOnlySpan<byte> Body => Buffer.AsSpan(0, BodyLength);

    public ReadOnlySpan<byte> Answer => Buffer.AsSpan(BodyLength, AnswerLength);

    public void Release() => ArrayPool<byte>.Shared.Return(Buffer);
}
