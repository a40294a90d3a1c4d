using Peregrine.Models.Features;
using Peregrine.Records;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Features;

/// <summary>The predictor's input for rows of a table, made by the very program that the model will run.</summary>
internal static class FeatureMatrix
{
    private const int BlockRows = 2048;

    /// <summary>Hands each row's columns to <paramref name="take"/>, several rows at a time on several threads.</summary>
    /// <param name="take">Called with a row's place in <paramref name="rows"/>; the span is reused.</param>
    public static void Fill(FeatureProgram program, TrainingData data, int[] rows, TakeRow take, CancellationToken cancellationToken)
    {
        var filler = data.Table.Bind(program.Inputs);
        var blocks = (rows.Length + BlockRows - 1) / BlockRows;
        var options = new ParallelOptions { MaxDegreeOfParallelism = data.Request.Threads, CancellationToken = cancellationToken };
        Parallel.For(
            0, blocks, options,
            () => (Record: new TypedRecord(program.Layout.Count), Columns: new double[program.Width]),
            (block, _, scratch) =>
            {
                var end = Math.Min(rows.Length, (block + 1) * BlockRows);
                for (var place = block * BlockRows; place < end; place++)
                {
                    filler.Fill(rows[place], scratch.Record);
                    program.Run(scratch.Record, scratch.Columns);
                    take(place, scratch.Columns);
                }

                return scratch;
            },
            _ => { });
    }

    /// <summary>A dense matrix, shape [rows × width], row by row.</summary>
    public static double[] Dense(FeatureProgram program, TrainingData data, int[] rows, CancellationToken cancellationToken)
    {
        var cells = (long)rows.Length * program.Width;
        if (cells > Array.MaxLength)
            throw new TrainingException(
                TrainingErrorCode.BadRequest, $"{rows.Length:N0} rows of {program.Width:N0} features do not fit in memory at once.", "Train on a sample of the rows.");
        var matrix = new double[cells];
        Fill(program, data, rows, (place, columns) => columns.CopyTo(matrix.AsSpan(place * program.Width, program.Width)), cancellationToken);
        return matrix;
    }

    public delegate void TakeRow(int place, ReadOnlySpan<double> columns);
}
