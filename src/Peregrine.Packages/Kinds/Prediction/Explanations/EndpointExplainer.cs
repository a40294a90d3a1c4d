using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Models.Explanations;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>
/// Explains results of an endpoint, in UTF-8 and without allocation. What it needs is made ahead by <see cref="Prepare"/>, or when first asked for, in
/// milliseconds. Thread-safe.
/// </summary>
/// <param name="mostTableBytes">See <see cref="Explainer.TableBytes"/>.</param>
/// <param name="isQuiet">Whether callers are told nothing of the features, which explanations would name.</param>
public sealed class EndpointExplainer(CompiledModel model, ExplanationSettings settings, long mostTableBytes, bool isQuiet = false)
{
    private const int LongestNumber = NumberText.Longest;

    private Made? _made;

    public ExplanationSettings Settings { get; } = settings;

    /// <summary>Why the model's results cannot be explained; null when they can.</summary>
    public string? Problem => Get().Problem;

    /// <summary>Whether what it needs has been made.</summary>
    public bool IsPrepared => Volatile.Read(ref _made) is not null;

    /// <summary>Memory that tables may take once all their rows have occurred, in bytes; 0 until it is prepared.</summary>
    public long TableBytes => Volatile.Read(ref _made)?.Explainer?.TableBytes ?? 0;

    /// <summary>Makes what it needs, so that no caller waits for it.</summary>
    public void Prepare() => Get();

    /// <summary>The fields by which results are explained, in the order of <see cref="Explain"/>; empty when there is a <see cref="Problem"/>.</summary>
    public IReadOnlyList<string> Fields => Get().Explainer?.Fields ?? [];

    /// <summary>How far each of <see cref="Fields"/> moved a result; also left in <see cref="ScoringContext.Influences"/>.</summary>
    /// <param name="context">Scored, not ignored.</param>
    /// <exception cref="InvalidOperationException">There is a <see cref="Problem"/>.</exception>
    public ReadOnlySpan<double> Explain(ScoringContext context, ExplanationMethod method)
    {
        if (Get().Explainer is not { } explainer) throw new InvalidOperationException("The model's results cannot be explained.");
        explainer.Explain(context, method);
        return context.Influences;
    }

    /// <summary>Ends a result that <see cref="PredictionResultWriter"/> wrote, its closing brace cut off: <c>,"explanations":{"amount":0.41,"country":-0.2}}</c>, the largest influence first.</summary>
    /// <param name="context">Scored, not ignored.</param>
    /// <exception cref="InvalidOperationException">There is a <see cref="Problem"/>.</exception>
    public void Write(ScoringContext context, in ExplanationRequest request, IBufferWriter<byte> output)
    {
        Explain(context, request.Method);
        WriteExplained(context, request.Count, output);
    }

    /// <summary>The same for a result that <see cref="Explain"/> has explained.</summary>
    /// <param name="most">Most fields to name: 1 or more.</param>
    public void WriteExplained(ScoringContext context, int most, IBufferWriter<byte> output)
    {
        var names = Get().Names;
        var influences = context.Influences;
        var order = context.RankInfluences();
        var count = Math.Min(most, influences.Length);
        output.Write(",\"explanations\":{"u8);
        for (var i = 0; i < count; i++)
        {
            var name = names[order[i]].AsSpan(i == 0 ? 1 : 0);
            var span = output.GetSpan(name.Length + LongestNumber);
            name.CopyTo(span);
            output.Advance(name.Length + Format(influences[order[i]], span[name.Length..]));
        }

        output.Write("}}"u8);
    }

    private static int Format(double value, Span<byte> span)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(span);
            return 4;
        }

        return NumberText.Write(value, span);
    }

    /// <summary>Made by whoever asks first; when two do at once, one is thrown away.</summary>
    private Made Get() => Volatile.Read(ref _made) ?? Interlocked.CompareExchange(ref _made, Make(), null) ?? _made!;

    private Made Make()
    {
        if (isQuiet) return new(null, [], "The endpoint tells nothing of its features.");
        try
        {
            var explainer = model.CreateExplainer(mostTableBytes);
            return new(explainer, [.. explainer.Fields.Select(name => Encoding.UTF8.GetBytes($",\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":"))], null);
        }
        catch (ModelException problem)
        {
            return new(null, [], problem.Message);
        }
    }

    /// <param name="Names">Of each field, with the comma before it and the colon behind.</param>
    private sealed record Made(Explainer? Explainer, byte[][] Names, string? Problem);
}
