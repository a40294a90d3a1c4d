using System.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Bulk;

namespace Peregrine.Serving.Tests.Bulk;

public sealed class CsvRowsTests
{
    [Fact]
    public void TryBegin_HeaderOfQuotedLinesByteByByte_ReadsEachNameOnce()
    {
        var settings = new PredictionSettings { UnknownFeatures = FeaturePolicy.Ignore, MissingFeatures = FeaturePolicy.Ignore };
        var rows = new CsvRows(PredictionEndpoint.ForTrial("score", settings, CompiledModel.Compile(TestModels.Binary())));
        var header = Encoding.UTF8.GetBytes($"\uFEFFamount,{string.Join(',', Enumerable.Range(0, 500).Select(column => $"\"x\n{column}\""))}\r\n");
        var (at, length) = (0, 1);
        ApiError? fault;
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (!rows.TryBegin(header.AsSpan(0, length), ref at, isLast: false, out fault)) length++;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
        fault.ShouldBeNull();
        (length, at, rows.Line).ShouldBe((header.Length, header.Length, 502));
    }
}
