using System.Globalization;
using Peregrine.Serving.OpenInference.Answers;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>The working memory of one inference request. Belongs to one thread between <see cref="Rent"/> and <see cref="Return"/>.</summary>
internal sealed class InferWorkspace
{
    private const int MostKeptLogBytes = 1024 * 1024;

    [ThreadStatic]
    private static InferWorkspace? t_spare;

    private string _lengthText = "";
    private int _lengthInText = -1;
    private (Piece Features, Piece Result, Piece Prepared)[] _logged = new (Piece, Piece, Piece)[16];

    public InferRequest Request { get; } = new();

    public ReadHeaders Headers { get; } = new();

    public InferResults Results { get; } = new();

    public InferWarnings Warnings { get; } = new();

    /// <summary>Text of features and results on their way to the query log.</summary>
    public Utf8Output LogText { get; private set; } = new();

    /// <summary>Bytes of the answer's JSON when binary tensors stand behind it; 0: all is JSON.</summary>
    public int AnswerHeaderLength { get; set; }

    /// <summary><see cref="AnswerHeaderLength"/> as text: mostly that of the request before.</summary>
    public string AnswerHeaderText()
    {
        if (_lengthInText != AnswerHeaderLength) (_lengthText, _lengthInText) = (AnswerHeaderLength.ToString(CultureInfo.InvariantCulture), AnswerHeaderLength);
        return _lengthText;
    }

    /// <summary>Whether the answer holds explanations behind its other outputs.</summary>
    public bool AddsExplanations { get; set; }

    public ReadOnlySpan<(Piece Features, Piece Result, Piece Prepared)> Logged => _logged.AsSpan(0, Results.Rows);

    public static InferWorkspace Rent()
    {
        var work = t_spare ?? new InferWorkspace();
        t_spare = null;
        work.Request.Clear();
        work.Headers.Leave();
        work.Warnings.Clear();
        work.LogText.CutTo(0);
        work.AnswerHeaderLength = 0;
        work.AddsExplanations = false;
        return work;
    }

    public static void Return(InferWorkspace work)
    {
        if (work.LogText.Length > MostKeptLogBytes)
        {
            work.LogText = new Utf8Output();
            work._logged = new (Piece, Piece, Piece)[16];
        }

        t_spare = work;
    }

    /// <summary>Notes where a record's features stand in <see cref="LogText"/>.</summary>
    public void NoteFeatures(int row, Piece features)
    {
        if (row == _logged.Length) Array.Resize(ref _logged, row * 2);
        _logged[row].Features = features;
    }

    /// <summary>Notes where its result stands, and the prepared record if the log gets it.</summary>
    public void NoteResult(int row, Piece result, Piece prepared) => (_logged[row].Result, _logged[row].Prepared) = (result, prepared);
}
