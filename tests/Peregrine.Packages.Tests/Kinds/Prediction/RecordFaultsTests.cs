using System.Text;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Kinds.Prediction;

public sealed class RecordFaultsTests
{
    [Theory]
    [InlineData("""{"amuont":1,"country":"x"}""", "'amuont' is not a feature of this model. Its features are amount, country.")]
    [InlineData("""{"amount":"much","country":"x"}""", "Feature 'amount' must be a number; at byte 10 stands \"much\".")]
    [InlineData("""{"amount":{"a":1},"country":"x"}""", "Feature 'amount' must be a number; at byte 10 stands an object.")]
    [InlineData("""{"amount":1}""", "Feature 'country' is not in the record. Give it a value, or null when the value is missing.")]
    [InlineData("""{"amount":1,"amount":2}""", "Feature 'amount' stands twice in the record, again at byte 21.")]
    [InlineData("""[1]""", "At byte 0 an object of features is expected, such as {\"amount\": …}.")]
    [InlineData("""{"amount":1,""", "The JSON breaks off or is malformed at byte 12.")]
    public void Describe_SaysWhatIsWrongWhereAndWhatToDo(string json, string expected)
    {
        var model = CompiledModel.Compile(Models.Binary());
        var utf8 = Encoding.UTF8.GetBytes(json);
        var scanner = new JsonScanner(utf8);
        var context = model.Rent();

        var fault = new RecordReader(model.Inputs, model.Spec.IgnoredFields, refuseUnknown: true, refuseMissing: true)
            .Read(ref scanner, context.Record);

        RecordFaults.Describe(fault, model.Spec, utf8).ShouldBe(expected);
    }
}
