using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Bulk;

/// <summary>Both ends of a stream: gives its records unpacked, and sends results piece by piece, packed when the caller accepts that.</summary>
internal sealed class BulkWire : IAsyncDisposable
{
    private readonly UserCall _call;
    private readonly RateLimiter _rates;
    private readonly string _contentType;
    private readonly Stream? _unpacking;
    private Stream? _packing;

    /// <param name="coding">How the records are packed; null: not at all.</param>
    /// <param name="contentType">Of the results.</param>
    public BulkWire(in UserCall call, string? coding, string contentType, RateLimiter rates)
    {
        _call = call;
        _rates = rates;
        _contentType = contentType;
        _unpacking = coding is null ? null : BodyCoding.Unpack(call.Context.Request.Body, coding, leaveOpen: true);
        Records = _unpacking is null ? call.Context.Request.BodyReader : PipeReader.Create(_unpacking);
    }

    public PipeReader Records { get; }

    /// <summary>Whether it is too late for an error document.</summary>
    public bool HasBegun => Response.HasStarted;

    /// <summary>Says that the caller is gone.</summary>
    public CancellationToken Stopping => _call.Context.RequestAborted;

    private HttpResponse Response => _call.Context.Response;

    /// <summary>Sends results; what was sent is cut from the output.</summary>
    public async ValueTask SendAsync(Utf8Output output)
    {
        if (output.Length == 0) return;
        if (!HasBegun) Begin();
        if (_packing is null)
        {
            await Response.BodyWriter.WriteAsync(output.WrittenMemory, Stopping);
        }
        else
        {
            await _packing.WriteAsync(output.WrittenMemory, Stopping);
            await _packing.FlushAsync(Stopping);
        }

        output.CutTo(0);
        await LeaveTransportAsync();
    }

    /// <summary>Ends the results as their coding asks.</summary>
    public async ValueTask CompleteAsync()
    {
        if (_packing is not { } packing) return;
        _packing = null;
        await packing.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_unpacking is not null)
        {
            await Records.CompleteAsync();
            await _unpacking.DisposeAsync();
        }
    }

    public static async ValueTask LeaveTransportAsync()
    {
        if (OffTheTransport.IsHere) await Task.Yield();
    }

    private void Begin()
    {
        Response.ContentType = _contentType;
        Response.Headers.CacheControl = "no-store";
        _rates.Settle(_call.Context, _call.Route.Endpoint, _call.Caller.Key, rows: 0);
        if (BodyCoding.Choose(_call.Context.Request.Headers.AcceptEncoding) is not { } coding) return;
        Response.Headers.ContentEncoding = coding;
        Response.Headers.Vary = "Accept-Encoding";
        _packing = BodyCoding.Pack(Response.Body, coding);
    }
}
