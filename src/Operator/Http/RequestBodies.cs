using System.Buffers;
using Microsoft.Extensions.Options;

namespace Segmentation.Operator.Http;

/// <summary>Reads request bodies into memory, with a bound on each and on all of them together.</summary>
internal sealed class RequestBodies(IOptions<HttpOptions> options)
{
    private long _inFlight;

    /// <summary>The body, or the refusal to send. Dispose it when done.</summary>
    public async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit) return Refuse(ApiError.TooLarge($"The body has {request.ContentLength} bytes; send at most {limit} at a time."));
        var reserved = request.ContentLength ?? limit;
        if (Interlocked.Add(ref _inFlight, reserved) > options.Value.MaxBytesInFlight)
        {
            Interlocked.Add(ref _inFlight, -reserved);
            return Refuse(ApiError.TooMany("Too many requests are being worked on. Nothing was acknowledged; send the request again.", 1));
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, request.ContentLength ?? 64 * 1024));
        var body = new RequestBody(() => Interlocked.Add(ref _inFlight, -reserved));
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length) buffer = Grow(buffer);
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
                if (read == 0) return body.Hold(buffer, length);
                length += read;
                if (length > limit) return body.Hold(buffer, 0).Refuse(ApiError.TooLarge($"The body has more than {limit} bytes; send at most {limit} at a time."));
            }
        }
        catch
        {
            body.Hold(buffer, 0).Dispose();
            throw;
        }
    }

    private static RequestBody Refuse(IResult refusal) => new RequestBody(static () => { }).Refuse(refusal);

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}

/// <summary>A body in a rented buffer, or why there is none.</summary>
internal sealed class RequestBody(Action release) : IDisposable
{
    private byte[]? _buffer;

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public IResult? Refusal { get; private set; }

    public RequestBody Hold(byte[] buffer, int length)
    {
        _buffer = buffer;
        Bytes = buffer.AsMemory(0, length);
        return this;
    }

    public RequestBody Refuse(IResult refusal)
    {
        Refusal = refusal;
        return this;
    }

    public void Dispose()
    {
        release();
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
